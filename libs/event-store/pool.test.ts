// SPDX-License-Identifier: Apache-2.0
import { createDatabase } from '@securemail/testing';
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

  it('refuses a schema whose name would be SQL', () => {
    expect(() => createPool({ url, schema: 'a; drop' })).toThrow('is no schema name');
  });
});
