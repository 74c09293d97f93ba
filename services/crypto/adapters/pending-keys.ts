// SPDX-License-Identifier: Apache-2.0
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { publicKeyInfo, type Certificate } from '@securemail/smime';
import { z } from 'zod';
import { ENTRY_KINDS, type EntryName } from '../domain/entry.ts';
import { readEach } from './read-each.ts';
import { writeSecret } from './write-secret.ts';

/** A key that waits for its certificate, and for whom that is asked. */
export interface PendingKey extends EntryName {
  /** SHA-256 of its public half, in hexadecimal. */
  keySha256: string;
  path: string;
}

const Kept = z.object({ kind: z.enum(ENTRY_KINDS), name: z.string(), key: z.string() });

const pendingFolder = (folder: string) => join(folder, 'keys', 'pending');

/** What names a key before there is a certificate. */
export const keySha256Of = (key: KeyObject | Certificate): string =>
  createHash('sha256')
    .update('x509' in key ? key.x509.publicKey.export({ type: 'spki', format: 'der' }) : publicKeyInfo(key))
    .digest('hex');

/** Writes the private key in clear, as the file of a password beside it would be: only its owner reads it. */
export async function keepPending(folder: string, { kind, name }: EntryName, key: KeyObject): Promise<void> {
  const pem = key.export({ type: 'pkcs8', format: 'pem' });
  const path = join(pendingFolder(folder), `${keySha256Of(key).slice(0, 32)}.json`);
  await writeSecret(path, `${JSON.stringify({ kind, name, key: pem })}\n`);
}

export async function pendingKeys(folder: string): Promise<PendingKey[]> {
  const found = await readEach(pendingFolder(folder), ['.json'], async (path) => {
    const { kind, name, key } = await readPending(path);
    return { kind, name, path, keySha256: keySha256Of(key) };
  });
  return found.map(({ read }) => read);
}

/** The key that waits for this certificate; null where none does. */
export async function pendingKeyFor(
  folder: string,
  certificate: Certificate,
): Promise<(PendingKey & { key: KeyObject }) | null> {
  const found = (await pendingKeys(folder)).find(({ keySha256 }) => keySha256 === keySha256Of(certificate));
  if (found === undefined) return null;
  const { key } = await readPending(found.path);
  return createPublicKey(key).equals(certificate.x509.publicKey) ? { ...found, key } : null;
}

export const forgetPending = ({ path }: PendingKey): Promise<void> => rm(path, { force: true });

/** Its errors quote nothing of the file. */
async function readPending(path: string): Promise<EntryName & { key: KeyObject }> {
  const text = await readFile(path, 'utf8');
  try {
    const { key, ...name } = Kept.parse(JSON.parse(text));
    return { ...name, key: createPrivateKey(key) };
  } catch {
    throw new Error('it is no pending key');
  }
}
