// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventId, SealedEvent } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { leafOf } from '@securemail/ledger';
import { aboutOf } from '../../adapters/projection.ts';
import { isKept } from '../../domain/kept.ts';

export interface Recorded {
  leaf: number;
  text: string;
  event: SealedEvent;
  recordedAt: Date;
}

interface Unlike {
  kind: 'history';
  leaf: number | null;
  eventId: EventId;
}

/**
 * Where what receipts goes by is not what was recorded: an event is another one, or is found as one of another email or
 * organisation, or about another; it is not there; or there is one, of an email of these, that was never recorded.
 *
 * @param settled what is not older than that may be on its way still, and is neither missing nor invented.
 */
export async function unlikeHistory(
  pool: Pool,
  recorded: readonly Recorded[],
  settled: { recorded: Date; heard: Date },
): Promise<Unlike[]> {
  const { rows } = await pool.query<Kept>({
    name: 'ledger/kept',
    text: `select event_id as "eventId", email_id as "emailId", tenant_id as "tenantId", source, sequence, name, about, event
      from history where event_id = any($1::uuid[])`,
    values: [recorded.map(({ event }) => event.id)],
  });
  const kept = new Map(rows.map((row) => [row.eventId, row]));
  const changed = recorded.filter(({ text, event, recordedAt }) => {
    const other = kept.get(event.id);
    return other !== undefined && (!isFoundAs(other, event) || leafOf(other.event, recordedAt) !== text);
  });
  const missing = recorded.filter(
    ({ event, recordedAt }) =>
      !kept.has(event.id) && isKept(event) && recordedAt.getTime() < settled.heard.getTime(),
  );
  const waiting = await waitingLetters(pool, missing);
  return [
    ...[...changed, ...missing.filter(({ event }) => !waiting.has(event.emailId))].map(
      ({ leaf, event }): Unlike => ({ kind: 'history', leaf, eventId: event.id }),
    ),
    ...(await neverRecorded(pool, recorded, settled.recorded)),
  ];
}

interface Kept extends FoundBy {
  eventId: EventId;
  event: SealedEvent;
}

/** What an event is found by beside its id, as columns of its own have it. */
interface FoundBy extends Pick<SealedEvent, 'emailId' | 'tenantId' | 'source' | 'sequence' | 'name'> {
  about: EmailId | null;
}

function isFoundAs(kept: FoundBy, event: SealedEvent): boolean {
  const each = ['emailId', 'tenantId', 'source', 'sequence', 'name'] as const;
  return each.every((member) => kept[member] === event[member]) && kept.about === aboutIn(event);
}

/** Null also where it can't be read, which its leaf says. */
function aboutIn(event: SealedEvent): EmailId | null {
  try {
    return aboutOf(event);
  } catch {
    return null;
  }
}

/** Emails of which an event could not be dealt with yet; what follows in them waits behind it. */
async function waitingLetters(pool: Pool, missing: readonly Recorded[]): Promise<ReadonlySet<EmailId>> {
  if (missing.length === 0) return new Set();
  const { rows } = await pool.query<{ emailId: EmailId }>({
    name: 'ledger/waiting-letters',
    text: 'select email_id as "emailId" from dead_letters where email_id = any($1::uuid[])',
    values: [missing.map(({ event }) => event.emailId)],
  });
  return new Set(rows.map(({ emailId }) => emailId));
}

async function neverRecorded(
  pool: Pool,
  recorded: readonly Recorded[],
  recordedBefore: Date,
): Promise<Unlike[]> {
  const { rows } = await pool.query<{ eventId: EventId }>({
    name: 'ledger/never-recorded',
    // Times of events are all written alike, and compare as texts.
    text: `select event_id as "eventId" from history h where email_id = any($1::uuid[]) and event->>'time' < $2
      and not exists (select from ledger_leaves l where l.event_id = h.event_id)
      and (select min(leaf) from ledger_leaves l where l.email_id = h.email_id) >= $3`,
    values: [
      [...new Set(recorded.map(({ event }) => event.emailId))],
      recordedBefore.toISOString(),
      // Told once, with the first that was recorded of its email.
      recorded[0]?.leaf ?? 0,
    ],
  });
  return rows.map(({ eventId }) => ({ kind: 'history', leaf: null, eventId }));
}
