// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { castFor } from '../cast.ts';
import { textOf } from '../task.ts';
import { doOnce } from './job.ts';
import { generated } from './source.ts';

it.each([100, 65_536, 200_000])(
  'a source of %d octets gives so many, and the same ones again',
  async (size) => {
    const source = generated(size);
    const first = await buffer(source.open());
    expect(first.length).toBe(size);
    expect(first.subarray(0, 100).equals(textOf(100).subarray(0, 100))).toBe(true);
    expect((await buffer(source.open())).equals(first)).toBe(true);
  },
);

it('memory is looked at while it runs', async () => {
  const { key, signer: certificate } = await castFor('p-256', 1);
  let looks = 0;
  await doOnce({ op: 'sign+encrypt', bytes: 1_000_000, file: '' }, { key, certificate }, () => (looks += 1));
  expect(looks).toBeGreaterThan(20);
});
