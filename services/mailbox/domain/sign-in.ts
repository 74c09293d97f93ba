// SPDX-License-Identifier: Apache-2.0

/** An attempt to prove that an address is one's own, as it stands. */
export interface SignIn {
  /** A digest of the code; null where none was sent, which nobody is told. */
  code: Uint8Array | null;
  triesLeft: number;
  expiresAt: Date;
}

export type CodeAnswer =
  | { kind: 'right' }
  | { kind: 'wrong'; triesLeft: number }
  /** Its time is over, or its tries: whatever is typed, a new code is needed. */
  | { kind: 'ended' };

/**
 * What is said to a code. One for which none was sent is never right, and looks like every other one.
 *
 * @param matches whether the digest is that of what was typed; takes the same time for each.
 */
export function judgeCode(
  signIn: SignIn,
  matches: (digest: Uint8Array | null) => boolean,
  now: Date,
): CodeAnswer {
  const isRight = matches(signIn.code);
  if (signIn.triesLeft <= 0 || signIn.expiresAt <= now) return { kind: 'ended' };
  if (isRight) return { kind: 'right' };
  const triesLeft = signIn.triesLeft - 1;
  return triesLeft === 0 ? { kind: 'ended' } : { kind: 'wrong', triesLeft };
}
