// SPDX-License-Identifier: Apache-2.0
import { headerOf } from '@securemail/mime';
import { endOf, endSetBySender } from './set-end.ts';

const AT = new Date('2026-11-29T10:00:00.000Z');
const KEEP = { keepDays: 30 };
const set = (name: string, value: string) =>
  endSetBySender(headerOf([]).with(name, value), AT)?.toISOString();

it.each([
  ['Expires', 'Mon, 30 Nov 2026 12:00:00 +0100', '2026-11-30T11:00:00.000Z'],
  ['Expiry-Date', 'Mon, 30 Nov 2026 12:00:00 +0100 (CET)', '2026-11-30T11:00:00.000Z'],
  ['expires', '30 Nov 2026 11:00:00 GMT', '2026-11-30T11:00:00.000Z'],
])('%s: %s', (name, value, end) => {
  expect(set(name, value)).toBe(end);
});

it.each(['', '0', 'soon', 'Sun, 29 Nov 2026 09:59:59 +0000', 'Mon, 99 Nov 2026 12:00:00 +0100'])(
  'nothing is set by "%s"',
  (value) => {
    expect(set('Expires', value)).toBeUndefined();
  },
);

it('a message ends as its sender wants it, and no later than any', () => {
  const soon = new Date('2026-11-30T11:00:00.000Z');
  expect(endOf(soon, KEEP, AT)).toEqual(soon);
  const latest = new Date('2026-12-29T10:00:00.000Z');
  expect(endOf(new Date('2036-01-01T00:00:00.000Z'), KEEP, AT)).toEqual(latest);
  expect(endOf(null, KEEP, AT)).toEqual(latest);
});
