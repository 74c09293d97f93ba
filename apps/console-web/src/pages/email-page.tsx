// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { Email, HappenedEvent, Held, Recipient, TraceBar } from '../api/shapes.ts';
import { Refusal } from '../api/ask.ts';
import { Decide } from '../parts/decide.tsx';
import { Elsewhere } from '../parts/elsewhere.tsx';
import { STANDING, useLive } from '../parts/live.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { SetAside } from '../parts/set-aside.tsx';
import { Table } from '../parts/table.tsx';
import { duration, Time } from '../parts/time.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { Waterfall } from '../parts/waterfall.tsx';
import { may, useApi, useSession } from '../session.tsx';
import { State } from './emails-page.tsx';

/** What is wrong with this one? */
export function EmailPage() {
  const { emailId = '' } = useParams();
  const call = useApi();
  const client = useQueryClient();
  const session = useSession();
  const [told, setTold] = useState('');
  const outcome = useRef<HTMLParagraphElement>(null);
  const path = `/v1/emails/${encodeURIComponent(emailId)}`;
  const key = ['email', emailId];
  const email = useQuery({ queryKey: [...key, 'email'], queryFn: () => call<Email>('GET', path) });
  const isThere = email.data !== undefined;
  const events = useQuery({
    queryKey: [...key, 'events'],
    queryFn: () => call<{ events: HappenedEvent[] }>('GET', `${path}/events`),
    enabled: isThere,
  });
  const trace = useQuery({
    queryKey: [...key, 'trace'],
    queryFn: () => call<{ traceId: string | null; bars: TraceBar[] }>('GET', `${path}/trace`),
    enabled: isThere,
  });
  // Of an unknown outcome a person may have to decide, too: what is held answers, and what is not is none.
  const mayBeHeld =
    may(session, 'decider') &&
    email.data?.recipients.some(({ status }) => status === 'held' || status === 'outcome-unknown') === true;
  const held = useQuery({
    queryKey: [...key, 'held'],
    queryFn: () =>
      call<Held>('GET', `/v1/held/${encodeURIComponent(emailId)}`).catch((error: unknown) => {
        if (error instanceof Refusal && error.kind === 'email-not-held') return null;
        throw error;
      }),
    enabled: mayBeHeld,
  });
  // What was answered while it was held is not asked for again, and says nothing of what it is since.
  const toDecide = mayBeHeld ? (held.data ?? null) : null;
  const wasToDecide = useRef(false);
  useEffect(() => {
    if (wasToDecide.current && toDecide === null)
      setTold((said) => (said === '' ? 'It is held no more: what became of it stands below.' : said));
    wasToDecide.current = toDecide !== null;
  }, [toDecide]);
  const liveness = useLive(
    isThere ? `/console/v1/live/emails/${encodeURIComponent(emailId)}` : null,
    'events',
    () => {
      void client.invalidateQueries({ queryKey: key });
    },
  );
  useEffect(() => {
    if (!isThere || liveness === 'live') return;
    // Where nothing comes by itself it is asked for.
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ['email', emailId] }), 5_000);
    return () => clearInterval(timer);
  }, [isThere, liveness, client, emailId]);
  const now = useNow(trace.data?.bars.some(({ until }) => until === null) === true);
  return (
    <Page title={`Email ${emailId}`}>
      <Problem error={email.error} />
      {email.error instanceof Refusal &&
        email.error.kind === 'email-set-aside' &&
        may(session, 'operator') && (
          <p>
            <Link to="/dead-letters">Dead letters</Link>
          </p>
        )}
      {email.data === undefined && email.error === null && <p role="status">Looking …</p>}
      {email.data !== undefined && (
        <>
          <p role="status" className="live">
            {STANDING[liveness]}
          </p>
          {email.data.waitsFor !== null && <SetAside emailId={emailId} />}
          <Facts email={email.data} />
          {may(session, 'auditor') && (
            <p>
              <Link to={`/audit/${emailId}`}>What the ledger has of it, at any moment</Link>
            </p>
          )}
          <p role="status" tabIndex={-1} ref={outcome}>
            {told}
          </p>
          {toDecide !== null && (
            <Decide
              held={toDecide}
              onDecided={(text) => {
                setTold(text);
                outcome.current?.focus();
                void client.invalidateQueries({ queryKey: key });
              }}
            />
          )}
          <h2>Recipients</h2>
          <Recipients recipients={email.data.recipients} />
          <h2>Where the time went</h2>
          <Problem error={trace.error} />
          {trace.data !== undefined && (
            <>
              <Elsewhere emailId={emailId} traceId={trace.data.traceId} />
              <div className="wide" tabIndex={0} role="region" aria-label="Where the time went">
                <Waterfall bars={trace.data.bars} now={now} />
              </div>
            </>
          )}
          <h2>What happened</h2>
          <Problem error={events.error} />
          {events.data !== undefined && <Timeline events={events.data.events} />}
        </>
      )}
    </Page>
  );
}

function useNow(goesOn: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!goesOn) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [goesOn]);
  return now;
}

export function Facts({ email }: { email: Email }) {
  const facts: [string, ReactNode][] = [
    ['state', <State key="state" email={email} />],
    ['accepted', <Time key="accepted" at={email.acceptedAt} />],
    ['deadline', <Time key="deadline" at={email.deadlineAt} />],
    ['settled', email.settledAt === null ? 'not yet' : <Time key="settled" at={email.settledAt} />],
    [
      'from acceptance to sent',
      email.acceptedToSentMs === null ? '–' : duration(email.acceptedToSentMs / 1_000),
    ],
    ...(email.erasedAt === null
      ? []
      : [['erased', <Time key="erased" at={email.erasedAt} />] satisfies [string, ReactNode]]),
    ['from', email.from ?? nobodyBecause(email)],
    ['Message-ID', email.messageId ?? '–'],
    ['direction', email.direction ?? '–'],
    ['came by', email.channel ?? '–'],
    ['secure by', email.secureBy ?? '–'],
    ['size', email.size === null ? '–' : `${email.size.toLocaleString('en')} octets`],
    [
      'receipt',
      email.receipt === null ? (
        'not yet'
      ) : (
        <span key="receipt">
          {email.receipt.outcome}, <Time at={email.receipt.issuedAt} />
        </span>
      ),
    ],
  ];
  return (
    <>
      {email.unreadable.length > 0 && (
        <p role="alert">
          What is kept of this email was changed, and is not shown: {email.unreadable.join(', ')}.
        </p>
      )}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {email.guards.map(({ guard, text }) => (
        <p key={guard}>
          <strong>{guard}</strong>: {text}
        </p>
      ))}
    </>
  );
}

const nobodyBecause = ({ unreadable, erasedAt }: Email): string => {
  if (unreadable.length > 0) return 'not readable';
  return erasedAt === null ? 'nobody' : 'erased';
};

export function Recipients({ recipients }: { recipients: readonly Recipient[] }) {
  return (
    <Table
      label="Recipients"
      heads={['recipient', 'status', 'method, and why none stronger', 'attempts', 'the server’s last word']}
    >
      {recipients.map((recipient) => (
        <tr key={recipient.recipientId}>
          <th scope="row">
            {recipient.recipientId} {recipient.address ?? <i>erased</i>}
            {recipient.givenAddress !== null && <div>given as {recipient.givenAddress}</div>}
          </th>
          <td>
            {recipient.status}
            {recipient.at !== undefined && (
              <div>
                <Time at={recipient.at} />
              </div>
            )}
            {recipient.nextAttemptAt != null && (
              <div>
                again at <Time at={recipient.nextAttemptAt} />
              </div>
            )}
            {recipient.mayBeDuplicate && <div>may have arrived more than once</div>}
          </td>
          <td>
            {recipient.method ?? '–'}
            {recipient.passedOver.length > 0 && (
              <ul>
                {recipient.passedOver.map(({ method, text }) => (
                  <li key={method}>
                    not {method}: {text}
                  </li>
                ))}
              </ul>
            )}
          </td>
          <td>{recipient.attempts}</td>
          <td>
            {recipient.reply == null
              ? (recipient.failure ?? '–')
              : `${recipient.reply.code} ${recipient.reply.enhancedCode ?? ''}`}
            {recipient.tls != null && (
              <div>
                {recipient.tls.protocol}
                {recipient.tls.policy !== null && ` by ${recipient.tls.policy}`}
              </div>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
