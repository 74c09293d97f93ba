// SPDX-License-Identifier: Apache-2.0
import { judgeCode } from './sign-in.ts';

const now = new Date('2026-11-29T10:00:00Z');
const later = new Date(now.getTime() + 1);
const code = new Uint8Array([1]);

it.each([
  ['right', { code, triesLeft: 5, expiresAt: later }, true, { kind: 'right' }],
  ['right at the last try', { code, triesLeft: 1, expiresAt: later }, true, { kind: 'right' }],
  ['wrong', { code, triesLeft: 5, expiresAt: later }, false, { kind: 'wrong', triesLeft: 4 }],
  ['wrong for the last time', { code, triesLeft: 1, expiresAt: later }, false, { kind: 'ended' }],
  ['right after all tries', { code, triesLeft: 0, expiresAt: later }, true, { kind: 'ended' }],
  ['right, too late', { code, triesLeft: 5, expiresAt: now }, true, { kind: 'ended' }],
] as const)('a code that is %s', (_, signIn, matches, answer) => {
  expect(judgeCode(signIn, () => matches, now)).toEqual(answer);
});

it('looks at the code also where it counts no more: the time tells nothing', () => {
  const looked: (Uint8Array | null)[] = [];
  const matches = (digest: Uint8Array | null) => looked.push(digest) > 0;
  expect(judgeCode({ code: null, triesLeft: 0, expiresAt: now }, matches, now)).toEqual({ kind: 'ended' });
  expect(looked).toEqual([null]);
});
