// SPDX-License-Identifier: Apache-2.0
import { newEmailId, TenantId, type DomainEvent, type NewEvent } from '@securemail/contracts';
import fc from 'fast-check';
import { createDatabase } from '@securemail/testing';
import { ConcurrencyError, EventStore } from './event-store.ts';
import { memoryCipher } from './memory-cipher.ts';
import { migrateEventStore } from './migrate.ts';
import { PersonalPartDamagedError } from './personal-cipher.ts';
import { createPool, inTransaction, type Pool } from './pool.ts';

const tenantId = TenantId.parse('acme');
const cipher = memoryCipher();
const store = new EventStore({ service: 'intake', cipher });
let pool: Pool;

beforeAll(async () => {
  const url = await createDatabase();
  await migrateEventStore({ url, schema: 'intake' });
  pool = createPool({ url, schema: 'intake' });
});
afterAll(() => pool.end());

const refused = (mailFrom: string | null = 'alice@acme.example'): NewEvent<'EmailRefused'> => ({
  name: 'EmailRefused',
  data: {
    channel: 'rest',
    submittedBy: 'key-1',
    reason: 'too-large',
    guards: [],
    refusedAt: '2026-01-01T00:00:00.000Z',
  },
  personal: { mailFrom },
});
const stream = () => ({ emailId: newEmailId(), tenantId });
const append = (to: ReturnType<typeof stream>, expected: number, events: NewEvent[]) =>
  inTransaction(pool, (tx) => store.append(tx, to, expected, events));
const personalOf = (events: DomainEvent[]) => events.map((event) => event.personal);

describe('the event store', () => {
  it('gives back what was appended, in order, decrypted', async () => {
    const to = stream();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const time = new Date('2026-02-03T04:05:06.789Z');
    const dated = new EventStore({ service: 'intake', cipher, clock: () => time });
    const sealed = await inTransaction(pool, (tx) =>
      dated.append(tx, to, 0, [refused('a@acme.example'), refused('b@acme.example')], { traceparent }),
    );
    await append(to, 2, [refused(null)]);
    const events = await store.readStream(pool, to.emailId);
    expect(personalOf(events)).toEqual([
      { mailFrom: 'a@acme.example' },
      { mailFrom: 'b@acme.example' },
      { mailFrom: null },
    ]);
    expect(events[0]).toEqual({
      ...refused('a@acme.example'),
      id: sealed[0]!.id,
      ...to,
      version: 2,
      source: 'intake',
      sequence: 1,
      time: '2026-02-03T04:05:06.789Z',
      traceparent,
      erased: false,
    });
    expect(events.map((event) => event.sequence)).toEqual([1, 2, 3]);
  });

  it('keeps no personal word in the table', async () => {
    const to = stream();
    const [sealed] = await append(to, 0, [refused('nobody-may-read-this@acme.example')]);
    const { rows } = await pool.query<{ row: string }>(
      'select e::text as row from events e where email_id = $1',
      [to.emailId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).toContain(sealed!.personal);
    expect(rows[0]!.row).not.toContain('nobody-may-read-this');
  });

  it('stores nothing that the catalogue does not name', async () => {
    const to = stream();
    const slipped = refused();
    const [sealed] = await append(to, 0, [
      { ...slipped, data: { ...slipped.data, subject: 'Confidential' } as never },
    ]);
    expect(sealed!.data).toEqual(refused().data);
    const [event] = await store.readStream(pool, to.emailId);
    expect(event!.data).toEqual(refused().data);
  });

  it('lets one of two writers append that read the same stream', async () => {
    const to = stream();
    await append(to, 0, [refused()]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => append(to, 1, [refused(`writer-${n}@acme.example`)])),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ConcurrencyError);
    }
    expect(await store.readStream(pool, to.emailId)).toHaveLength(2);
  });

  it('appends behind whatever is there where that does not matter, each in a place of its own', async () => {
    const to = stream();
    const any = () => store.append(pool, to, 'any', [refused(), refused()]);
    const taken: number[] = [];
    for (let left = 8; left > 0;) {
      const settled = await Promise.allSettled(Array.from({ length: left }, any));
      for (const each of settled) {
        if (each.status === 'fulfilled') taken.push(...each.value.map(({ sequence }) => sequence));
        else expect(each.reason).toBeInstanceOf(ConcurrencyError);
      }
      left = settled.filter(({ status }) => status === 'rejected').length;
    }
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    const events = await store.readStream(pool, to.emailId);
    expect(events.map(({ sequence }) => sequence)).toEqual(taken.toSorted((a, b) => a - b));
  });

  it('refuses to leave a hole in a stream', async () => {
    const to = stream();
    await append(to, 0, [refused()]);
    await expect(append(to, 5, [refused()])).rejects.toThrow(ConcurrencyError);
    await expect(append(stream(), 1, [refused()])).rejects.toThrow('is not as long as was expected');
    expect(await store.readStream(pool, to.emailId)).toHaveLength(1);
  });

  it('refuses to continue the stream of another tenant', async () => {
    const to = stream();
    await append(to, 0, [refused()]);
    await expect(append({ ...to, tenantId: TenantId.parse('other') }, 1, [refused()])).rejects.toThrow(
      'belongs to another tenant',
    );
  });

  it('refuses a transaction that began to write before the last event of the stream', async () => {
    const to = stream();
    const late = inTransaction(pool, async (tx) => {
      await tx.query('select pg_current_xact_id()');
      await append(to, 0, [refused()]);
      return store.append(tx, to, 1, [refused()]);
    });
    await expect(late).rejects.toThrow(ConcurrencyError);
    await append(to, 1, [refused()]);
  });

  it('appends together with another change, or neither of them', async () => {
    await pool.query('create table leases (name text primary key, holder text)');
    await pool.query(`insert into leases values ('job', 'me')`);
    const to = stream();
    const as = (holder: string, next: string) => ({
      when: {
        name: 'lease',
        text: 'update leases set holder = $2 where name = $3 and holder = $1 returning 1',
        values: [holder, next, 'job'],
      },
    });
    const holder = async () =>
      (await pool.query<{ holder: string }>('select holder from leases')).rows[0]?.holder;

    expect(await store.append(pool, to, 'any', [refused()], as('me', 'you'))).toHaveLength(1);
    expect(await holder()).toBe('you');
    expect(await store.append(pool, to, 'any', [refused()], as('me', 'us'))).toEqual([]);
    await expect(store.append(pool, to, 7, [refused()], as('you', 'they'))).rejects.toThrow(ConcurrencyError);
    const stranger = { ...to, tenantId: TenantId.parse('other') };
    await expect(store.append(pool, stranger, 'any', [refused()], as('you', 'they'))).rejects.toThrow(
      'belongs to another tenant',
    );
    expect(await holder()).toBe('you');
    expect(await store.readStream(pool, to.emailId)).toHaveLength(1);
  });

  it('appends nothing when the transaction does not commit', async () => {
    const to = stream();
    const work = inTransaction(pool, async (tx) => {
      await store.append(tx, to, 0, [refused()]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await store.readStream(pool, to.emailId)).toEqual([]);
  });

  it('shows that a person was there, and no longer whom, once the data key is destroyed', async () => {
    const to = stream();
    await append(to, 0, [refused()]);
    cipher.erase(to.emailId);
    const [event] = await store.readStream(pool, to.emailId);
    expect(event).toMatchObject({ name: 'EmailRefused', data: refused().data, personal: null, erased: true });
  });

  it('does not open a personal part that was moved to another event, or to another type', async () => {
    const to = stream();
    const [first, second] = await append(to, 0, [
      refused('first@acme.example'),
      refused('second@acme.example'),
    ]);
    await expect(store.open({ ...first!, personal: second!.personal })).rejects.toThrow(
      PersonalPartDamagedError,
    );
    await expect(store.open({ ...first!, name: 'Delivered' })).rejects.toThrow(PersonalPartDamagedError);
    await expect(store.open({ ...first!, version: 1 })).rejects.toThrow(PersonalPartDamagedError);
  });

  it('refuses an event of another service', async () => {
    const delivery = new EventStore({ service: 'delivery', cipher });
    const work = inTransaction(pool, (tx) => delivery.append(tx, stream(), 0, [refused()]));
    await expect(work).rejects.toThrow('EmailRefused is an event of intake: delivery must not append it');
  });

  it('refuses a body that does not fit its schema, and says where, not what', async () => {
    const misfit = { ...refused(), data: { ...refused().data, refusedAt: 'yesterday, by Bob' } };
    const message = await append(stream(), 0, [misfit]).catch((error: unknown) => String(error));
    expect(message).toContain('data.refusedAt');
    expect(message).not.toContain('Bob');
  });

  it.each(['update events set name = name', 'delete from events', 'truncate events'])(
    'refuses to %s',
    async (sql) => {
      await append(stream(), 0, [refused()]);
      await expect(pool.query(sql)).rejects.toThrow('events are append-only');
    },
  );

  it('gives back any text that a person may be called, byte for byte', async () => {
    const text = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.option(text), text.filter(isStorable)), { minLength: 1, maxLength: 5 }),
        async (bodies) => {
          const to = stream();
          const events = bodies.map(([mailFrom, submittedBy]) => {
            const event = refused(mailFrom);
            return { ...event, data: { ...event.data, submittedBy } };
          });
          await append(to, 0, events);
          const read = await store.readStream(pool, to.emailId);
          expect(read.map(({ name, data, personal }) => ({ name, data, personal }))).toEqual(events);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(['\u0000', 'a\\\u0000', '\ud800', 'a\udfff'])(
    'refuses %j in what anyone may read, for jsonb cannot hold it, and appends nothing',
    async (submittedBy) => {
      const to = stream();
      const event = { ...refused(), data: { ...refused().data, submittedBy } };
      await expect(append(to, 0, [event])).rejects.toThrow('jsonb cannot hold that');
      expect(await store.readStream(pool, to.emailId)).toEqual([]);
    },
  );

  it('takes text that only looks like an escape', async () => {
    const to = stream();
    const event = { ...refused(), data: { ...refused().data, submittedBy: '\\u0000 \\ud800' } };
    await append(to, 0, [event]);
    expect((await store.readStream(pool, to.emailId))[0]!.data).toEqual(event.data);
  });
});

const isStorable = (text: string) => !text.includes('\u0000') && text.isWellFormed();
