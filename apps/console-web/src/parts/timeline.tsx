// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import type { HappenedEvent } from '../api/shapes.ts';
import { Time } from './time.tsx';

/** Everything that happened to an email, oldest first. */
export function Timeline<Happened extends HappenedEvent>({
  events,
  more,
}: {
  events: readonly Happened[];
  /** What else there is to say of one. */
  more?: (event: Happened) => ReactNode;
}) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.id}>
          <Time at={event.time} /> <strong>{event.name}</strong> <span className="quiet">{event.source}</span>
          <div>{factsOf(event).join(' · ')}</div>
          {more?.(event)}
          <details>
            <summary>Everything of it</summary>
            <pre tabIndex={0}>
              {JSON.stringify(
                { id: event.id, traceparent: event.traceparent, data: event.data, personal: event.personal },
                null,
                2,
              )}
            </pre>
          </details>
        </li>
      ))}
    </ol>
  );
}

/** What is known of each event by name and stands well in one line; in this order. */
const FACTS = [
  'recipientIds',
  'protectedMessageId',
  'method',
  'because',
  'outcome',
  'verdict',
  'phase',
  'failure',
  'kind',
  'nextAttemptAt',
  'nextHop',
  'replyText',
  'by',
  'reason',
] as const;

function factsOf({ data, personal }: HappenedEvent): string[] {
  const all = { ...data, ...personal };
  const facts = FACTS.flatMap((name) => {
    const value = all[name];
    if (Array.isArray(value)) return [value.join(', ')];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
  return [...facts, ...replyIn(all['reply']), ...tlsIn(all['tls']), ...planIn(all['recipients'])];
}

function replyIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('code' in value)) return [];
  const { code, enhancedCode } = value as { code: number; enhancedCode: string | null };
  return [`the server said ${code}${enhancedCode === null ? '' : ` ${enhancedCode}`}`];
}

function tlsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('protocol' in value)) return [];
  const { protocol, verified, policy } = value as {
    protocol: string;
    verified: boolean;
    policy: string | null;
  };
  return [
    `${protocol}${verified ? `, verified${policy === null ? '' : ` by ${policy}`}` : ', not verified'}`,
  ];
}

/** Of ProtectionPlanned: by which way each goes. */
function planIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null || !('method' in each) || !('recipientId' in each))
      return [];
    const { recipientId, method } = each as { recipientId: string; method: string | null };
    return [method === null ? `no way to ${recipientId}` : `${recipientId} by ${method}`];
  });
}
