// SPDX-License-Identifier: Apache-2.0
import { randomBytes, type KeyObject } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { writePkcs12, type Certificate } from '@securemail/smime';
import type { EntryName } from '../domain/entry.ts';
import type { Retirement } from '../domain/own-key.ts';
import { KEY_FOLDERS, retirementOf } from './key-folder.ts';
import { writeSecret } from './write-secret.ts';

export interface KeyAndCertificate {
  key: KeyObject;
  certificate: Certificate;
  chain: readonly Certificate[];
}

/** Where the key of a certificate is kept: for people anything serves as name, for organisations the domain comes first. */
export const placeOf = (folder: string, { kind, name }: EntryName, { sha256 }: Certificate): string =>
  join(
    folder,
    KEY_FOLDERS[kind],
    `${name.replaceAll(/[^a-z0-9@._-]/g, '_').slice(0, 120)}+${sha256.slice(0, 16)}.p12`,
  );

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Writes a key as PKCS#12 under a random password, which comes first: a file without its password would stop whoever reads
 * the folder.
 *
 * @param retired where it is to open and never to sign; said before there is a key that could.
 */
export async function writeKeyFile(
  path: string,
  key: KeyAndCertificate,
  retired: Retirement | null = null,
): Promise<void> {
  const password = randomBytes(32).toString('base64url');
  if (retired !== null) await retire(path, retired);
  await writeSecret(`${path}.password`, `${password}\n`);
  await writeSecret(path, writePkcs12(key, password));
}

export async function retire(path: string, retired: Retirement): Promise<void> {
  const file = retirementOf(path, retired);
  await writeSecret(file.path, file.content);
}
