// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent, TenantId } from '@securemail/contracts';
import { AwayError } from '@securemail/event-log';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import { entryOf, hashOfLeaf, leafOf } from '@securemail/ledger';
import { grow } from './tiles.ts';

/** So far two clocks that are kept never are apart. */
const MOST_AHEAD_MS = 3_600_000;

/**
 * Takes events into the ledgers of their organisations, each once, in the order in which they are given.
 *
 * @returns the organisations whose ledgers grew.
 * @throws AwayError where `now` is more than an hour ahead of the database's clock; nothing is recorded then.
 */
export async function record(pool: Pool, events: readonly SealedEvent[], now: Date): Promise<TenantId[]> {
  const byTenant = Map.groupBy(events, ({ tenantId }) => tenantId);
  // Always in the same order, so that two replicas do not wait for each other.
  const tenants = [...byTenant.keys()].toSorted();
  return inTransaction(pool, async (tx) => {
    const grown: TenantId[] = [];
    for (const tenantId of tenants)
      if (await recordFor(tx, tenantId, byTenant.get(tenantId) ?? [], now)) grown.push(tenantId);
    return grown;
  });
}

async function recordFor(
  tx: Transaction,
  tenantId: TenantId,
  events: readonly SealedEvent[],
  now: Date,
): Promise<boolean> {
  await tx.query({
    name: 'ledger/begin',
    text: 'insert into ledgers (tenant_id) values ($1) on conflict do nothing',
    values: [tenantId],
  });
  // Held until the transaction ends: a ledger grows in one place at a time.
  const { rows } = await tx.query<{ size: string; recorded_at: Date | number; database_at: Date }>({
    name: 'ledger/hold',
    text: 'select size, recorded_at, clock_timestamp() as database_at from ledgers where tenant_id = $1 for update',
    values: [tenantId],
  });
  const size = Number(rows[0]?.size);
  const unknown = await unknownOf(tx, events);
  if (unknown.length === 0) return false;
  // A time that was recorded once holds for all that follows: what waits can still be given the right one.
  if (now.getTime() - Number(rows[0]?.database_at) > MOST_AHEAD_MS)
    throw new AwayError(
      'the clock here is more than an hour ahead of the database: nothing is recorded by it',
    );
  // Of replicas whose clocks differ, the one that is behind goes by the other.
  const recordedAt = new Date(Math.max(now.getTime(), Number(rows[0]?.recorded_at)));
  const leaves = unknown.map((event) => leafOf(event, recordedAt));
  await tx.query({
    name: 'ledger/record',
    text: `insert into ledger_leaves (tenant_id, leaf, event_id, email_id, recorded_at, content)
      select $1, $2::bigint + e.ordinal - 1, e.event_id, e.email_id, $3, e.content
      from unnest($4::uuid[], $5::uuid[], $6::text[]) with ordinality as e (event_id, email_id, content, ordinal)`,
    values: [
      tenantId,
      size,
      recordedAt,
      unknown.map(({ id }) => id),
      unknown.map(({ emailId }) => emailId),
      leaves,
    ],
  });
  await grow(
    tx,
    tenantId,
    size,
    leaves.map((leaf) => hashOfLeaf(entryOf(leaf))),
  );
  await tx.query({
    name: 'ledger/grown',
    text: 'update ledgers set size = $2, recorded_at = $3 where tenant_id = $1',
    values: [tenantId, size + leaves.length, recordedAt],
  });
  return true;
}

/** What is delivered again is in the ledger already. */
async function unknownOf(tx: Transaction, events: readonly SealedEvent[]): Promise<SealedEvent[]> {
  const { rows } = await tx.query<{ event_id: string }>({
    name: 'ledger/known',
    text: 'select event_id from ledger_leaves where event_id = any($1::uuid[])',
    values: [events.map(({ id }) => id)],
  });
  const known = new Set(rows.map(({ event_id }) => event_id));
  return [...new Map(events.map((event) => [event.id, event])).values()].filter(({ id }) => !known.has(id));
}
