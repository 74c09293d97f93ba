// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId } from '@securemail/contracts';
import { inOrder } from './order.ts';

/** Milliseconds since 1970: since when somebody else is waited for, and until when at most. */
interface Waiting {
  since: number;
  until: number;
}

interface Clock {
  waited: number;
  waiting: Waiting | null;
  endedAt: number | null;
}

/**
 * How long an email took that was up to us, seconds: from acceptance until its last recipient was settled, without the
 * times in which a next hop was talked to, a retry was put off until its time, it waited behind others that one domain was
 * slow to take, or a person was to decide. A try that begins late is ours else. Of several recipients counts the one that
 * took longest.
 *
 * @returns null as long as its acceptance is not among the events, or nobody is settled.
 */
export function ownSeconds(events: readonly DomainEvent[]): number | null {
  const acceptance = events.find((event) => event.name === 'EmailAccepted');
  if (acceptance === undefined) return null;
  const clocks = new Map<RecipientId, Clock>(
    acceptance.data.recipientIds.map((id) => [id, { waited: 0, waiting: null, endedAt: null }]),
  );
  for (const event of inOrder(events)) {
    const change = changeOf(event);
    if (change === null || !('recipientIds' in event.data)) continue;
    const at = Date.parse(event.time);
    for (const id of new Set(event.data.recipientIds)) {
      const clock = clocks.get(id);
      if (clock !== undefined) clocks.set(id, moved(clock, at, change));
    }
  }
  const acceptedAt = Date.parse(acceptance.data.acceptedAt);
  const ended = [...clocks.values()].flatMap(({ endedAt, waited }) =>
    // Clocks of two services differ by a little.
    endedAt === null ? [] : [Math.max(0, endedAt - acceptedAt - waited) / 1_000],
  );
  return ended.length === 0 ? null : Math.max(...ended);
}

/** What begins with an event: work of ours, waiting for others until a time, or nothing more. */
type Change =
  | { kind: 'ours' }
  /** `before`: since when others were waited for before it already. */
  | { kind: 'theirs'; until: number; ends: boolean; before: number | null }
  | { kind: 'ended' };

const ENDS = new Set<DomainEvent['name']>(['Delivered', 'Bounced', 'DeliveryExpired', 'EmailRejected']);

const theirs = (until: number, { ends = false, before = null as number | null } = {}): Change => ({
  kind: 'theirs',
  until,
  ends,
  before,
});

function changeOf({ name, data }: DomainEvent): Change | null {
  if (name === 'DeliveryAttemptStarted')
    return theirs(Infinity, { before: data.placeSince === null ? null : Date.parse(data.placeSince) });
  if (name === 'Deferred') return theirs(Date.parse(data.nextAttemptAt));
  if (name === 'OutcomeUnknown')
    return data.nextAttemptAt === null
      ? theirs(Infinity, { ends: true })
      : theirs(Date.parse(data.nextAttemptAt));
  if (name === 'EmailHeld') return theirs(Infinity, { ends: true });
  if (name === 'EmailReleased') return { kind: 'ours' };
  return ENDS.has(name) ? { kind: 'ended' } : null;
}

function moved({ waited, waiting }: Clock, at: number, change: Change): Clock {
  const waitedUntil = waiting === null ? -Infinity : Math.min(at, waiting.until);
  const before = change.kind === 'theirs' ? change.before : null;
  const after =
    waited +
    (waiting === null ? 0 : Math.max(0, waitedUntil - waiting.since)) +
    (before === null ? 0 : Math.max(0, at - Math.max(before, waitedUntil)));
  switch (change.kind) {
    case 'ours':
      return { waited: after, waiting: null, endedAt: null };
    case 'theirs':
      return {
        waited: after,
        waiting: { since: at, until: change.until },
        endedAt: change.ends ? at : null,
      };
    case 'ended':
      return { waited: after, waiting: null, endedAt: at };
    default:
      return change satisfies never;
  }
}
