// SPDX-License-Identifier: Apache-2.0
import { isFresh } from './credential.ts';

const beganAt = new Date('2026-11-29T10:00:00Z');

it.each([
  ['2026-11-29T10:00:00Z', true],
  ['2026-11-29T10:09:59Z', true],
  ['2026-11-29T10:10:00Z', false],
])('who signed in at ten is at %s fresh: %s', (now, expected) => {
  expect(isFresh({ beganAt }, new Date(now))).toBe(expected);
});
