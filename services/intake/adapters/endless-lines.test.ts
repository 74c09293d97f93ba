// SPDX-License-Identifier: Apache-2.0
import { endlessLines } from './endless-lines.ts';

const told = (...pieces: string[]) => {
  const isEndless = endlessLines();
  return pieces.map((piece) => isEndless(Buffer.from(piece)));
};
const x = (count: number) => 'x'.repeat(count);

it('is told once a line is longer than any is, whatever it is cut into', () => {
  expect(told(`${x(60_000)}\n`, `${x(60_000)}\n${x(5_000)}`, x(60_000), x(1_000))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(told(`${x(70_000)}\n`)).toEqual([true]);
  expect(told(`short\n${x(65_536)}`, '\n')).toEqual([false, true]);
  expect(told('', '\n\n', `${x(900)}\n`.repeat(1_000))).toEqual([false, false, false]);
});
