// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile, fileKeyEncryptionKey, KeyFileExistsError } from './file-key-encryption-key.ts';
import { WrongKeyEncryptionKeyError } from './key-encryption-key.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-'));
  path = join(folder, 'vault.key');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a key file', () => {
  it('is made for its owner alone, is 32 octets in base64, and leaves nothing beside it', async () => {
    await createKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(path, 'utf8'), 'base64')).toHaveLength(32);
    expect(await readdir(folder)).toEqual(['vault.key']);
  });

  it('is never overwritten, and of several made at once one stays', async () => {
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => createKeyFile(path)));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const before = await readFile(path, 'utf8');
    await expect(createKeyFile(path)).rejects.toThrow(KeyFileExistsError);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['vault.key']);
  });

  it.each([0o644, 0o640, 0o604, 0o620])(
    'that others may use (mode %o) is refused, with what to do',
    async (mode) => {
      await createKeyFile(path);
      await chmod(path, mode);
      await expect(fileKeyEncryptionKey(path)).rejects.toThrow(`chmod 600 ${path}`);
    },
  );

  it('may be read-only to its owner', async () => {
    await createKeyFile(path);
    await chmod(path, 0o400);
    await fileKeyEncryptionKey(path);
  });

  it('that is missing is said to be missing', async () => {
    await expect(fileKeyEncryptionKey(path)).rejects.toThrow(`there is no key file ${path}`);
  });

  it.each([
    ['empty', ''],
    ['31 octets', Buffer.alloc(31, 7).toString('base64')],
    ['33 octets', Buffer.alloc(33, 7).toString('base64')],
    ['hexadecimal', Buffer.alloc(32, 7).toString('hex')],
    ['two keys', `${Buffer.alloc(32, 7).toString('base64')}\n${Buffer.alloc(32, 8).toString('base64')}`],
  ])('that is %s is refused without being quoted', async (_, text) => {
    await writeFile(path, text, { mode: 0o600 });
    const message = await fileKeyEncryptionKey(path).catch((error: unknown) => String(error));
    expect(message).toContain('does not hold 32 bytes in base64');
    if (text !== '') expect(message).not.toContain(text.slice(0, 12));
  });
});

describe('a key-encryption key', () => {
  it('unwraps what it wrapped, also when loaded again', async () => {
    await createKeyFile(path);
    const key = randomBytes(32);
    const wrapped = await (await fileKeyEncryptionKey(path)).wrap(key, 'email 1');
    expect(wrapped.includes(key)).toBe(false);
    expect(await (await fileKeyEncryptionKey(path)).unwrap(wrapped, 'email 1')).toEqual(key);
  });

  it('unwraps nothing that was changed, cut short, wrapped for something else or by another key', async () => {
    await createKeyFile(path);
    await createKeyFile(join(folder, 'other'));
    const kek = await fileKeyEncryptionKey(path);
    const other = await fileKeyEncryptionKey(join(folder, 'other'));
    expect(other.id).not.toBe(kek.id);
    const wrapped = await kek.wrap(randomBytes(32), 'email 1');
    await expect(kek.unwrap(wrapped, 'email 2')).rejects.toThrow(WrongKeyEncryptionKeyError);
    await expect(other.unwrap(wrapped, 'email 1')).rejects.toThrow(WrongKeyEncryptionKeyError);
    for (let n = 0; n < wrapped.length; n += 1) {
      const changed = Buffer.from(wrapped);
      changed[n]! ^= 1;
      await expect(kek.unwrap(changed, 'email 1')).rejects.toThrow(WrongKeyEncryptionKeyError);
      await expect(kek.unwrap(wrapped.subarray(0, n), 'email 1')).rejects.toThrow(WrongKeyEncryptionKeyError);
    }
  });
});
