// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';

export { digestOf, isToken, newToken } from '@securemail/sign-in';

export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** Keyed with what the browser alone has: six digits by themselves are found by trying them all. */
export const digestOfCode = (code: string, browserToken: string): Buffer =>
  createHmac('sha256', browserToken).update(`code ${code}`).digest();

const NONE = Buffer.alloc(32);

/** In the same time for every code, and where there is none. */
export function isCode(typed: string, browserToken: string, digest: Uint8Array | null): boolean {
  const isSame = timingSafeEqual(digestOfCode(typed, browserToken), digest ?? NONE);
  return isSame && digest !== null;
}
