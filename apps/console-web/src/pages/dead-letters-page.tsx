// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { Link } from 'react-router';
import { SERVICES, type DeadLetter } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import { useApi, useSession } from '../session.tsx';

/** What a service could not deal with, and waits. */
export function DeadLettersPage() {
  return (
    <Page title="Dead letters">
      <p>
        Events that a service could not deal with. Later ones of the same email wait behind them. A parked one
        is tried again once somebody replays it; first see to what its reason says.
      </p>
      {SERVICES.map((service) => (
        <OfService key={service} service={service} />
      ))}
    </Page>
  );
}

function OfService({ service }: { service: string }) {
  const call = useApi();
  const [from, setFrom] = useState<string | null>(null);
  const [told, setTold] = useState('');
  const outcome = useRef<HTMLParagraphElement>(null);
  const { data, error } = useQuery({
    queryKey: ['dead-letters', service, from],
    queryFn: () =>
      call<{ deadLetters: DeadLetter[]; next: string | null }>(
        'GET',
        `/v1/dead-letters/${service}${from === null ? '' : `?cursor=${encodeURIComponent(from)}`}`,
      ),
    refetchInterval: 5_000,
  });
  const letters = data?.deadLetters ?? [];
  const leadTo = (cursor: string | null, words: string) => {
    setFrom(cursor);
    setTold(words);
    // The button may go, and the keyboard would begin at the top.
    outcome.current?.focus();
  };
  return (
    <section aria-labelledby={service}>
      <h2 id={service}>{service}</h2>
      <Problem error={error} />
      <p role="status">
        {data !== undefined && letters.length === 0 && (from === null ? 'None.' : 'None from here on.')}
      </p>
      <p role="status" tabIndex={-1} ref={outcome}>
        {told}
      </p>
      {letters.map((letter) => (
        <Letter
          key={letter.number}
          letter={letter}
          onReplayed={() => {
            setTold(`Replay of ${letter.number} was taken: it is tried again now.`);
            // Its form goes, and the keyboard would begin at the top.
            outcome.current?.focus();
          }}
        />
      ))}
      {from !== null && (
        <button type="button" className="second" onClick={() => leadTo(null, 'The first ones.')}>
          The first ones
        </button>
      )}
      {data?.next != null && (
        <button type="button" className="second" onClick={() => leadTo(data.next, 'Later ones.')}>
          Later ones
        </button>
      )}
    </section>
  );
}

function Letter({ letter, onReplayed }: { letter: DeadLetter; onReplayed: () => void }) {
  const {
    service,
    number,
    emailId,
    eventName,
    source,
    status,
    reason,
    attempts,
    firstFailedAt,
    nextAttemptAt,
  } = letter;
  const call = useApi();
  const client = useQueryClient();
  const { name } = useSession();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (why: string) =>
      call('POST', `/v1/dead-letters/${service}/${number}/replay`, { by: name, reason: why }),
    onSuccess: onReplayed,
    onSettled: () => client.invalidateQueries({ queryKey: ['dead-letters', service] }),
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const why = new FormData(event.currentTarget).get('reason');
    if (!isPending && typeof why === 'string') mutate(why);
  };
  return (
    <article className="letter">
      <h3>
        {number}: {eventName ?? 'unreadable'} of {source}, {status}
      </h3>
      <p>{reason}</p>
      <p>
        {emailId !== null && <Link to={`/emails/${emailId}`}>Email {emailId}</Link>} {attempts}{' '}
        {attempts === 1 ? 'try' : 'tries'} since <Time at={firstFailedAt} />
        {nextAttemptAt !== null && (
          <>
            , again at <Time at={nextAttemptAt} />
          </>
        )}
      </p>
      {status === 'parked' && (
        <form onSubmit={onSubmit}>
          <Problem error={error} />
          <label>
            Why it will go now, for the history
            <input name="reason" required maxLength={1_000} />
          </label>
          <button>{isPending ? 'One moment …' : 'Replay'}</button>
        </form>
      )}
    </article>
  );
}
