// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, TenantId, type EmailId, type NewEvent, type SealedEvent } from '@securemail/contracts';
import { createDatabase } from '@securemail/testing';
import { beginEpoch, EpochChangedError } from './epoch.ts';
import { EventStore } from './event-store.ts';
import { GapSafeReader, type Checkpoint } from './gap-safe-reader.ts';
import { memoryCipher } from './memory-cipher.ts';
import { migrateEventStore } from './migrate.ts';
import { createPool, inTransaction, type Pool } from './pool.ts';

const tenantId = TenantId.parse('acme');
const store = new EventStore({ service: 'intake', cipher: memoryCipher() });
const event: NewEvent = {
  name: 'EmailRefused',
  data: {
    channel: 'rest',
    submittedBy: 'key-1',
    reason: 'too-large',
    guards: [],
    refusedAt: '2026-01-01T00:00:00.000Z',
  },
  personal: { mailFrom: null },
};
let pool: Pool;
let reader: GapSafeReader;

beforeEach(async () => {
  const url = await createDatabase();
  await migrateEventStore({ url, schema: 'intake' });
  pool = createPool({ url, schema: 'intake', max: 20 });
  reader = new GapSafeReader(pool);
});
afterEach(() => pool.end());

const append = (emailId: EmailId, expected = 0, count = 1) =>
  inTransaction(pool, (tx) =>
    store.append(tx, { emailId, tenantId }, expected, Array<NewEvent>(count).fill(event)),
  );

/** Once every transaction of the server that has begun by now has ended: other tests may share the server. */
async function settled(): Promise<void> {
  const { rows } = await pool.query<{ horizon: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot()) as horizon',
  );
  const sql = 'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as reached';
  for (;;) {
    const answer = await pool.query<{ reached: boolean }>(sql, [rows[0]!.horizon]);
    if (answer.rows[0]!.reached) return;
    await sleep(5);
  }
}

async function readAll(from: Checkpoint, limit = 100): Promise<{ events: SealedEvent[]; next: Checkpoint }> {
  await settled();
  const events: SealedEvent[] = [];
  for (let next = from; ;) {
    const page = await reader.read(next, limit);
    events.push(...page.events);
    next = page.next;
    if (page.events.length < limit) return { events, next };
  }
}

const EXPLAIN = `explain select id from events where (txid, position) > ('5'::xid8, 5)
         and txid < pg_snapshot_xmin(pg_current_snapshot()) order by txid, position limit 10`;

describe('the gap-safe reader', () => {
  it('misses nothing where a reader that goes by position loses events, on the same table at the same time', async () => {
    const committed: string[] = [];
    let writing = true;
    const write = async () => {
      for (let n = 0; n < 60; n += 1) {
        const emailId = newEmailId();
        for (const expected of [0, 1]) {
          const events = await inTransaction(pool, async (tx) => {
            const appended = await store.append(tx, { emailId, tenantId }, expected, [event]);
            await sleep(Math.random() * 8);
            return appended;
          });
          committed.push(events[0]!.id);
        }
      }
    };
    const naive = new Set<string>();
    const readNaively = async () => {
      let position = '0';
      for (let last = false; ; last = !writing) {
        const { rows } = await pool.query<{ id: string; position: string }>(
          'select id, position from events where position > $1 order by position limit 50',
          [position],
        );
        for (const row of rows) naive.add(row.id);
        position = rows.at(-1)?.position ?? position;
        if (last && rows.length === 0) return;
        await sleep(1);
      }
    };
    const ours: SealedEvent[] = [];
    const readOurs = async () => {
      let checkpoint = await reader.start();
      for (let last = false; ; last = !writing) {
        const { events, next } = await reader.read(checkpoint, 50);
        ours.push(...events);
        checkpoint = next;
        if (last && events.length === 0) return;
        await sleep(1);
      }
    };
    const readers = Promise.all([readNaively(), readOurs()]);
    await Promise.all(Array.from({ length: 12 }, write));
    await settled();
    writing = false;
    await readers;

    expect(committed).toHaveLength(12 * 60 * 2);
    expect(ours.map(({ id }) => id).toSorted()).toEqual(committed.toSorted());
    const lost = committed.filter((id) => !naive.has(id)).length;
    expect(lost).toBeGreaterThan(0);
    // Each stream's events came in sequence.
    const seen = new Map<EmailId, number>();
    for (const { emailId, sequence } of ours) {
      expect(sequence).toBe((seen.get(emailId) ?? 0) + 1);
      seen.set(emailId, sequence);
    }
  });

  it('waits for a transaction that may still commit earlier events', async () => {
    const [slow, fast] = [newEmailId(), newEmailId()];
    const start = await reader.start();
    await inTransaction(pool, async (tx) => {
      await store.append(tx, { emailId: slow, tenantId }, 0, [event]);
      await append(fast);
      expect(await reader.read(start, 10)).toEqual({ events: [], next: start });
    });
    const { events } = await readAll(start);
    expect(events.map(({ emailId }) => emailId)).toEqual([slow, fast]);
  });

  it('goes on in the middle of a transaction with many events', async () => {
    const emailId = newEmailId();
    await append(emailId, 0, 7);
    await append(emailId, 7, 3);
    const { events, next } = await readAll(await reader.start(), 2);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await append(emailId, 10);
    expect((await readAll(next)).events.map(({ sequence }) => sequence)).toEqual([11]);
  });

  it('gives the events as they were appended', async () => {
    const appended = await append(newEmailId(), 0, 3);
    expect((await readAll(await reader.start())).events).toEqual(appended);
  });

  it('uses its index, so that reading stays cheap in a table of any length', async () => {
    const { rows } = await inTransaction(pool, async (tx) => {
      await tx.query('set local enable_seqscan = off');
      return tx.query<{ 'QUERY PLAN': string }>(EXPLAIN);
    });
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan using events_in_commit_order');
    expect(plan).not.toContain('Sort');
  });
});

describe('after a restore', () => {
  it('a checkpoint of before is refused, and from the start every event comes again, each stream in order', async () => {
    const [one, two] = [newEmailId(), newEmailId()];
    await append(one);
    await append(two);
    await append(one, 1);
    const { next } = await readAll(await reader.start());
    await beginEpoch(pool);
    await expect(reader.read(next, 10)).rejects.toThrow(EpochChangedError);
    await append(two, 1);
    const { events } = await readAll(await reader.start());
    expect(events.map(({ emailId, sequence }) => [emailId, sequence])).toEqual([
      [one, 1],
      [two, 1],
      [one, 2],
      [two, 2],
    ]);
  });

  it('the table is append-only again', async () => {
    await append(newEmailId());
    await beginEpoch(pool);
    await expect(pool.query('delete from events')).rejects.toThrow('append-only');
  });

  it('into a younger server, events that would be missed are noticed until a new epoch begins', async () => {
    const emailId = newEmailId();
    await append(emailId);
    // What a dump brings along: transaction ids that this server has yet to reach.
    await pool.query(`alter table events disable trigger events_append_only;
      update events set txid = '4000000000'; alter table events enable trigger events_append_only`);
    await expect(reader.read(await reader.start(), 10)).rejects.toThrow('run `securemail database restored`');
    await beginEpoch(pool);
    expect((await readAll(await reader.start())).events.map((event) => event.emailId)).toEqual([emailId]);
    await append(emailId, 1);
  });
});
