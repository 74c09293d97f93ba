// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { newEmailId, TenantId } from '@securemail/contracts';
import { createPool, migrate, type Pool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { forgetThreads, knownThread, notingThread, type ThreadNote } from './known-threads.ts';

let pool: Pool;
beforeAll(async () => {
  const url = await createDatabase();
  await migrate({
    url,
    schema: 'intake',
    directory: join(import.meta.dirname, '../migrations'),
    table: 'intake_migrations',
  });
  pool = createPool({ url, schema: 'intake', max: 25 });
});
afterAll(() => pool.end());

const tenantId = TenantId.parse('demo');
const AT = new Date('2026-11-28T09:00:00Z');
const note = (keys: string[], what: Partial<ThreadNote> = {}) => {
  const { text, values } = notingThread({
    tenantId,
    newThreadId: newEmailId(),
    keys,
    secure: null,
    outsiders: false,
    at: AT,
    ...what,
  });
  return pool.query(text, [...values]);
};
const known = (...keys: string[]) => knownThread(pool, tenantId, keys);

describe('what is known of a thread', () => {
  it('is lost of none of fifty mails that name it for the first time in the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [begin, other] = [`begin ${round}`, `other ${round}`];
      const mails = Array.from({ length: 50 }, (_, index) => `mail ${round} ${index}`);
      await Promise.all(
        mails.map((own, index) =>
          note(index % 2 === 0 ? [own, begin, other] : [other, begin, own], {
            secure: index === 31 ? 'asked' : index === 30 ? 'policy' : null,
            outsiders: index === 17,
          }),
        ),
      );
      for (const key of [begin, other, ...mails])
        expect([key, await known(key)]).toEqual([key, { secure: 'asked', outsiders: true }]);
      const { rows } = await pool.query('select 1 from threads');
      expect(rows).toHaveLength(round + 1);
    }
  });

  it('holds for all the threads that one mail joins, if it was secure', async () => {
    await note(['one'], { secure: 'policy' });
    await note(['another']);
    await note(['joins', 'another', 'one']);
    for (const key of ['one', 'another', 'joins'])
      expect(await known(key)).toEqual({ secure: 'policy', outsiders: false });
    await note(['asked', 'one'], { secure: 'asked' });
    expect(await known('one')).toEqual({ secure: 'asked', outsiders: false });
  });

  it('is of outsiders for an internal thread once a mail that joins it goes outside itself', async () => {
    await note(['open'], { outsiders: true });
    await note(['internal']);
    await note(['among colleagues', 'open', 'internal']);
    const outsiders = async (...keys: string[]) => (await known(...keys))?.outsiders;
    for (const keys of [['internal'], ['among colleagues'], ['internal', 'open'], ['open', 'internal']])
      expect([keys, await outsiders(...keys)]).toEqual([keys, false]);
    expect(await outsiders('open')).toBe(true);
    await note(['goes outside', 'among colleagues'], { outsiders: true });
    for (const key of ['internal', 'among colleagues', 'goes outside', 'open'])
      expect([key, await outsiders(key)]).toEqual([key, true]);
  });

  it('is noted while old threads are forgotten', async () => {
    const old = new Date('2020-01-01');
    const keys = Array.from({ length: 40 }, (_, index) => `old ${index}`);
    for (const key of keys) await note([key], { at: old });
    await Promise.all([
      forgetThreads(pool, new Date('2021-01-01')),
      ...keys.map((key) => note([`answer to ${key}`, key], { secure: 'asked' })),
      forgetThreads(pool, new Date('2021-01-01')),
    ]);
    for (const key of keys) expect(await known(`answer to ${key}`)).toMatchObject({ secure: 'asked' });
  });
});
