// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { inTurn } from './in-turn.ts';

const of = (person: string) => ({ tenantId: 'demo' as TenantId, person: Buffer.from(person) });

it('does one thing at a time for a person, whatever fails, and different people side by side', async () => {
  const turn = inTurn();
  let [running, most] = [0, 0];
  const work = async (fails: boolean) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setTimeout(done, 5));
    running -= 1;
    if (fails) throw new Error('no');
    return 'done';
  };
  const asked = [false, true, false, true, false].map((fails) => turn(of('a'), () => work(fails)));
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(most).toBe(1);
  await Promise.all(['b', 'c', 'd'].map((person) => turn(of(person), () => work(false))));
  expect(most).toBe(3);
});
