// SPDX-License-Identifier: Apache-2.0
import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import { SERVICES, type DeadLetter } from '../api/shapes.ts';
import { may, useApi, useSession } from '../session.tsx';
import { Time } from './time.tsx';

/** What was tried in vain for less is over by itself in a moment, as a rule. */
const SOON_OVER_MS = 60_000;

/** What a service could not deal with yet of an email that waits: its state does not say so. */
export function SetAside({ emailId }: { emailId: string }) {
  const call = useApi();
  const session = useSession();
  const asked = useQueries({
    queries: SERVICES.map((service) => ({
      queryKey: ['email', emailId, 'dead-letters', service],
      queryFn: () =>
        call<{ deadLetters: DeadLetter[] }>(
          'GET',
          `/v1/dead-letters/${service}?emailId=${encodeURIComponent(emailId)}`,
        ),
      refetchInterval: 5_000,
    })),
  });
  // Of a service that does not answer nothing is known; what it did last is seen below.
  const letters = asked.flatMap(({ data, dataUpdatedAt }) =>
    (data?.deadLetters ?? []).filter(
      ({ status, firstFailedAt }) =>
        status === 'parked' || dataUpdatedAt - Date.parse(firstFailedAt) > SOON_OVER_MS,
    ),
  );
  if (letters.length === 0) return null;
  return (
    <div role="alert" className="wrong">
      {letters.map(({ service, number, eventName, status, firstFailedAt }) => (
        <p key={`${service} ${number}`}>
          Set aside: since <Time at={firstFailedAt} /> its {eventName ?? 'event'} waits as dead letter{' '}
          {number} of {service}.{' '}
          {status === 'parked' ? 'Somebody has to have it tried again.' : 'It is tried again by itself.'}
        </p>
      ))}
      {may(session, 'operator') && (
        <p>
          <Link to="/dead-letters">Dead letters</Link>
        </p>
      )}
    </div>
  );
}
