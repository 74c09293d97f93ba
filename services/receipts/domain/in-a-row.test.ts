// SPDX-License-Identifier: Apache-2.0
import { Address, newEmailId } from '@securemail/contracts';
import { rowOf, withNext, type Row } from './in-a-row.ts';

const limit = { most: 3, restMs: 48 * 3_600_000 };
const minutes = (count: number) => new Date(count * 60_000);
/** Whether of each email that comes at these minutes is told by a mail of its own. */
function told(...at: number[]): boolean[] {
  let row: Row | undefined;
  return at.map((minute) => {
    const next = withNext(row, newEmailId(), minutes(minute), limit);
    row = next.row;
    return next.isIn;
  });
}

it('a row ends after so many, however slowly they come, and begins anew after a pause', () => {
  expect(told(0, 0, 0, 0)).toEqual([true, true, true, false]);
  expect(told(0, 59, 118, 177)).toEqual([true, true, true, false]);
  expect(told(0, 1, 62, 63, 64)).toEqual([true, true, true, true, true]);
});

it('of one at its end one an hour is told, over a digest, too, and over those that follow it', () => {
  const day = 24 * 60;
  expect(told(0, 1, 2, 3, day, day + 1, 2 * day, 2 * day + 1)).toEqual([
    ...[true, true, true, false],
    ...[true, false, true, false],
  ]);
  expect(told(0, 1, 2, 50, 62, 63, 100, 124)).toEqual([
    ...[true, true, true, false],
    ...[false, true, false, true],
  ]);
  expect(told(0, 1, 2, 3, 4 + 2 * day).at(-1)).toBe(true);
});

it('one email counts once, and is told of to its end', () => {
  const emailId = newEmailId();
  let row = withNext(undefined, emailId, minutes(0), limit).row;
  for (const _ of [1, 2, 3, 4]) row = withNext(row, emailId, minutes(0), limit).row;
  expect(row.emails.size).toBe(1);
  for (const _ of [1, 2, 3]) row = withNext(row, newEmailId(), minutes(0), limit).row;
  expect(withNext(row, emailId, minutes(1), limit).isIn).toBe(true);
  expect(withNext(row, newEmailId(), minutes(1), limit).isIn).toBe(false);
});

it('rows are of one person, the same recipients, and one kind of news', () => {
  const [anna, bo, kim] = ['anna@demo.example', 'bo@x.example', 'kim@x.example'].map((a) =>
    Address.parse(a),
  ) as [Address, Address, Address];
  expect(rowOf(anna, [bo, kim], true)).toBe(rowOf(anna, [kim, Address.parse('BO@x.example')], true));
  expect(rowOf(Address.parse('anna+b1@demo.example'), [bo], true)).toBe(rowOf(anna, [bo], true));
  const keys = [rowOf(anna, [bo], true), rowOf(anna, [bo], false), rowOf(anna, [bo, kim], true)];
  expect(new Set([...keys, rowOf(kim, [bo], true)]).size).toBe(4);
});
