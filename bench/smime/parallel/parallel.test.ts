// SPDX-License-Identifier: Apache-2.0
import { castFor } from '../cast.ts';
import { textOf } from '../task.ts';
import { alone, withPool } from './on-the-loop.ts';
import { doublingsTo } from './parallel.ts';

it.each([
  [1, [1]],
  [2, [1, 2]],
  [6, [1, 2, 4, 6]],
  [8, [1, 2, 4, 8]],
])('with %d cores, %j workers are tried', (cores, wanted) => {
  expect(doublingsTo(cores)).toEqual(wanted);
});

it('mails are protected on the loop, with and without the pool', async () => {
  const { key, signer: certificate } = await castFor('rsa-2048', 1);
  for (const way of [alone, withPool]) {
    const ran = await way(textOf(1_000), { key, certificate }).run(0.001);
    expect(ran.perSec).toBeGreaterThan(0);
    expect(ran.cpuMsPerMail).toBeGreaterThan(0);
  }
});
