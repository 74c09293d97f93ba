// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as they stand in a link or a cookie. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
export const isToken = (text: unknown): text is string => typeof text === 'string' && TOKEN.test(text);

/** What is kept of a token: with so many random bits nothing slower is needed. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

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
