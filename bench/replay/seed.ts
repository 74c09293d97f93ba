// SPDX-License-Identifier: Apache-2.0
import { CATALOGUE, newEmailId, newEventId, TenantId, type SealedEvent } from '@securemail/contracts';
import { inTransaction, type Pool } from '@securemail/event-store';
import {
  accepted,
  deferred,
  delivered,
  madeFor,
  planned,
  project,
  record,
  started,
} from '@securemail/receipts/testing';

export const TENANT = TenantId.parse('demo');
const TOGETHER = 500;
/** As long as what is sealed of an acceptance. */
const SEALED = 'A'.repeat(400);

/** @returns milliseconds that the ledger took for all of them. */
export async function seed(pool: Pool, events: number): Promise<number> {
  let [took, made] = [0, 0];
  while (made < events) {
    const some: SealedEvent[] = [];
    while (some.length < TOGETHER) some.push(...history());
    const began = performance.now();
    await record(pool, some, new Date());
    took += performance.now() - began;
    await inTransaction(pool, (tx) => project(tx, some, () => Promise.resolve([])));
    made += some.length;
  }
  await pool.query('analyze ledger_leaves');
  return (took / made) * events;
}

function history(): SealedEvent[] {
  const emailId = newEmailId();
  const now = Date.now();
  const sequences = new Map<string, number>();
  const story = [
    accepted({ to: ['bo@citizen.example'], acceptedAt: new Date(now).toISOString() }),
    planned([1]),
    madeFor(['bo@citizen.example']),
    started(1),
    deferred(1),
    started(1),
    delivered(1),
  ];
  return story.map(({ name, data, personal }, at): SealedEvent => {
    const { service, version } = CATALOGUE[name];
    const sequence = (sequences.get(service) ?? 0) + 1;
    sequences.set(service, sequence);
    return {
      id: newEventId(),
      name,
      version,
      source: service === 'each' ? 'intake' : service,
      time: new Date(now + at * 100).toISOString(),
      tenantId: TENANT,
      emailId,
      sequence,
      traceparent: null,
      data,
      personal: personal === null ? null : SEALED,
    };
  });
}
