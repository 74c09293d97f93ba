// SPDX-License-Identifier: Apache-2.0
import { createDatabase } from '@securemail/testing';
import pg from 'pg';
import { namelessFault } from './is-unavailable.ts';
import { createPool, inTransaction, type Pool } from './pool.ts';

let url: string;
let pool: Pool;
let other: Pool;

beforeAll(async () => {
  url = await createDatabase();
  pool = createPool({ url, schema: 'public', applicationName: 'the-pool' });
  other = createPool({ url, schema: 'public' });
  await pool.query('create table notes (text text)');
});
afterAll(() => Promise.all([pool.end(), other.end()]));

const killTheOthers = () =>
  other.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where application_name = 'the-pool' and datname = current_database()`,
  );
const notes = async () =>
  (await pool.query<{ text: string }>('select text from notes')).rows.map(({ text }) => text);

describe('a transaction', () => {
  beforeEach(() => other.query('truncate notes'));

  it('keeps all of its work', async () => {
    const answer = await inTransaction(pool, async (tx) => {
      await tx.query(`insert into notes values ('a'), ('b')`);
      return 42;
    });
    expect(answer).toBe(42);
    expect(await notes()).toEqual(['a', 'b']);
  });

  it('keeps none of its work when it throws', async () => {
    const work = inTransaction(pool, async (tx) => {
      await tx.query(`insert into notes values ('a')`);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await notes()).toEqual([]);
  });

  it('is never said to be kept when a failed statement was passed over in silence', async () => {
    const work = inTransaction(pool, async (tx) => {
      await tx.query(`insert into notes values ('a')`);
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('was rolled back');
    expect(await notes()).toEqual([]);
    expect(await inTransaction(pool, () => Promise.resolve('usable'))).toBe('usable');
  });

  it('that loses its connection between two statements throws, and the next one gets a new connection', async () => {
    const work = inTransaction(pool, async (tx) => {
      await tx.query(`insert into notes values ('a')`);
      await killTheOthers();
      await new Promise((resolve) => setImmediate(resolve));
      await tx.query(`insert into notes values ('b')`);
    });
    await expect(work).rejects.toThrow();
    expect(await notes()).toEqual([]);
  });
});

describe('a pool', () => {
  it('survives the loss of its idle connections', async () => {
    await pool.query('select 1');
    await killTheOthers();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('has the server end a session whose host is lost within half a minute, with the locks that it holds', async () => {
    const seconds = async (name: string) =>
      Number(
        (await pool.query<{ setting: string }>('select setting from pg_settings where name = $1', [name]))
          .rows[0]?.setting,
      );
    const [idle, interval, count] = [
      await seconds('tcp_keepalives_idle'),
      await seconds('tcp_keepalives_interval'),
      await seconds('tcp_keepalives_count'),
    ];
    expect(idle + interval * count).toBeLessThanOrEqual(30);
    // Where something was sent that nobody has taken, nothing is asked: milliseconds.
    const unanswered = await seconds('tcp_user_timeout');
    expect(unanswered).toBeGreaterThan(0);
    expect(unanswered).toBeLessThanOrEqual(30_000);
  });

  it('refuses a schema whose name would be SQL', () => {
    expect(() => createPool({ url, schema: 'a; drop' })).toThrow('is no schema name');
  });
});

describe('what a log says of a fault that has neither code nor class', () => {
  const nameOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof Error ? [error.name, namelessFault(error)] : error;
  };

  it('is which of them it was: none free in time, no answer in time, or the connection lost', async () => {
    const busy = new pg.Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: 1_000,
      query_timeout: 100,
      application_name: 'the-pool',
    });
    const client = await busy.connect();
    client.on('error', () => undefined);
    try {
      expect(await nameOf(busy.query('select 1'))).toEqual(['Error', 'NoConnectionInTimeError']);
      expect(await nameOf(client.query('select pg_sleep(1)'))).toEqual(['Error', 'QueryTimeoutError']);
      await killTheOthers();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await nameOf(client.query('select 1'))).toEqual(['Error', 'ConnectionLostError']);
    } finally {
      client.release(true);
      await busy.end();
    }
  });

  it('is nothing of what somebody else said', () => {
    expect(namelessFault(new Error('Query read timeout of anna@demo.example'))).toBeNull();
    expect(namelessFault(new TypeError('Query read timeout'))).toBeNull();
  });
});
