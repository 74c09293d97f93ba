// SPDX-License-Identifier: Apache-2.0
import crypto, { randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** KiB, rounds and lanes of argon2id (RFC 9106), as OWASP's password storage advises at least. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const HASH_LENGTH = 32;

interface Hashed {
  nonce: Buffer;
  hash: Buffer;
  cost: typeof COST;
}

const hashOf = (password: string, nonce: Buffer, cost: typeof COST): Promise<Buffer> =>
  // By the module: of an older Node.js there is no such name, and who starts that is told so (apps/cli).
  promisify(crypto.argon2)('argon2id', { message: password, nonce, tagLength: HASH_LENGTH, ...cost });

/** What is kept of a password: a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. @param password as it is compared. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await hashOf(password, nonce, COST);
  const { memory, passes, parallelism } = COST;
  const [salt, tag] = [nonce, hash].map((octets) => octets.toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt ?? ''}$${tag ?? ''}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether it is what {@link hashPassword} makes. */
export const isPasswordHash = (text: string): boolean => PHC.test(text);

function read(stored: string): Hashed {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(stored) ?? [];
  if (salt === undefined || tag === undefined) throw new Error('what is kept of a password can’t be read');
  return {
    nonce: Buffer.from(salt, 'base64'),
    hash: Buffer.from(tag, 'base64'),
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  };
}

/** Of nobody: for it takes the same time to find out that there is none. */
const NONE: Hashed = { nonce: randomBytes(16), hash: randomBytes(HASH_LENGTH), cost: COST };

/** @param stored null: there is none, and it is never right. */
export async function isPassword(typed: string, stored: string | null): Promise<boolean> {
  const { nonce, hash, cost } = stored === null ? NONE : read(stored);
  const isSame = timingSafeEqual(await hashOf(typed, nonce, cost), hash);
  return isSame && stored !== null;
}
