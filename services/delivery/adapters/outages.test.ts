// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { outages } from './outages.ts';

const gone = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

function watched({ leaseMs = 300, afterCloseMs = 300 } = {}) {
  const closing = new AbortController();
  const warnings: unknown[] = [];
  const logger = { warn: (fields: unknown) => void warnings.push(fields) };
  return { ...outages({ logger, leaseMs, closing: closing.signal, afterCloseMs }), closing, warnings };
}

it.each([
  ['shut down by its administrator', { code: '57P01' }],
  ['not accepting connections', { code: '55000' }],
  ['full of connections', { code: '53300' }],
  ['refusing connections', { code: 'ECONNREFUSED' }],
  ['read-only after a change of roles', { code: '25006' }],
  ['in a deadlock', { code: '40P01' }],
  ['lost without a word', { message: 'Connection terminated unexpectedly' }],
])('work goes on until the database is there that was %s', async (_, error) => {
  const { outlast, warnings } = watched();
  let tries = 0;
  const work = () =>
    (tries += 1) < 3 ? Promise.reject(Object.assign(new Error(), error)) : Promise.resolve(tries);
  expect(await outlast(work)).toBe(3);
  expect(warnings).toHaveLength(2);
});

it.each([{ code: '23505' }, { code: '42P01' }, { message: 'no such thing' }])(
  'work ends with what is wrong with itself: %j',
  async (error) => {
    const { outlast, justOver } = watched();
    const wrong = Object.assign(new Error(), error);
    await expect(outlast(() => Promise.reject(wrong))).rejects.toBe(wrong);
    expect(justOver()).toBe(false);
  },
);

it('work that nothing comes of is given up some time after the worker is to end', async () => {
  const { outlast, closing } = watched();
  let tries = 0;
  const given = outlast(() => {
    tries += 1;
    return Promise.reject(gone());
  });
  await sleep(500);
  expect(tries).toBeGreaterThan(2);
  closing.abort();
  await expect(given).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(outlast(() => Promise.resolve('done'))).resolves.toBe('done');
});

it('an outage counts as just over for the time of a lease', async () => {
  const { notice, justOver } = watched();
  expect(justOver()).toBe(false);
  notice(gone());
  expect(justOver()).toBe(true);
  await sleep(350);
  expect(justOver()).toBe(false);
});
