// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyNotPrivate } from '@securemail/config/private-file';
import { WrongKeyEncryptionKeyError, type KeyEncryptionKey } from './key-encryption-key.ts';

const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;
const SALT = 32;
const TAG = 16;
/** Every wrapping has a key of its own, derived with a random salt, so that the nonce need not differ. */
const NONCE = Buffer.alloc(12);

/** There is a file already: it may hold the only key to everything in the vault. */
export class KeyFileExistsError extends Error {
  override name = 'KeyFileExistsError';
}

/**
 * A key-encryption key that is a file: 32 random bytes in base64, for its owner's eyes only. Whoever has the file and
 * the database reads everything; without the file nobody reads anything, so keep a copy of it, elsewhere.
 *
 * @throws Error with what is wrong with the file: missing, readable by others, not such a key.
 */
export async function fileKeyEncryptionKey(path: string): Promise<KeyEncryptionKey> {
  const key = await readKeyFile(path);
  const id = `file:${derive(key, '', 'securemail key-encryption key id', 8).toString('hex')}`;
  return {
    id,
    wrap: (dataKey, context) => {
      const salt = randomBytes(SALT);
      const cipher = createCipheriv('aes-256-gcm', wrappingKey(key, salt, context), NONCE);
      return Promise.resolve(
        Buffer.concat([salt, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]),
      );
    },
    unwrap: async (wrapped, context) => {
      await Promise.resolve();
      try {
        const salt = wrapped.subarray(0, SALT);
        const decipher = createDecipheriv('aes-256-gcm', wrappingKey(key, salt, context), NONCE, {
          authTagLength: TAG,
        });
        decipher.setAuthTag(wrapped.subarray(-TAG));
        return Buffer.concat([decipher.update(wrapped.subarray(SALT, -TAG)), decipher.final()]);
      } catch {
        throw new WrongKeyEncryptionKeyError(
          `a data key was not wrapped by key-encryption key ${id} for this use, or was changed since`,
        );
      }
    },
  };
}

/** Makes a key file, mode 0600, whole or not at all. @throws KeyFileExistsError; it never overwrites. */
export async function createKeyFile(path: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeDurably(unfinished, `${randomBytes(32).toString('base64')}\n`);
    await link(unfinished, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new KeyFileExistsError(
        `${path} is there already; the vault cannot be read without the key in it`,
      );
    }
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
  await syncFolder(dirname(path));
}

async function readKeyFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new Error(
      codeOf(error) === 'ENOENT'
        ? `there is no key file ${path}; restore it if the vault has content, otherwise make one: securemail vault create-key ${path}`
        : `the key file ${path} cannot be opened (${codeOf(error) ?? 'unknown reason'})`,
    );
  });
  try {
    const fault = whyNotPrivate(path, (await file.stat()).mode);
    if (fault !== null) throw new Error(`the key file ${path} ${fault}`);
    const text = (await file.readFile('utf8')).trim();
    if (BASE64_OF_32_BYTES.test(text)) return Buffer.from(text, 'base64');
    throw new Error(`the key file ${path} does not hold 32 bytes in base64, and nothing else`);
  } finally {
    await file.close();
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const derive = (key: Buffer, salt: Buffer | string, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length));

const wrappingKey = (key: Buffer, salt: Buffer, context: string): Buffer =>
  derive(key, salt, `securemail wrap v1 ${context}`, 32);

/** Not by `instanceof`: errors of node:fs may come from another realm. */
const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
