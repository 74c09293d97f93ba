// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority, loadPkcs12, newPrivateKey, type Authority } from '@securemail/smime';
import { writeKeyFile } from './key-files.ts';
import { writeSecret } from './write-secret.ts';

/** What its certificates are issued by; nobody outside is to take it for more than it is. */
export const AUTHORITY_NAME = 'Secure@Mail internal authority';

const YEAR = 365 * 24 * 60 * 60 * 1_000;
const YEARS = 10;
/** Clocks of readers may be behind ours, ms. */
export const CLOCK_SKEW = 5 * 60 * 1_000;

const keyPath = (folder: string) => join(folder, 'keys', 'authority', 'internal.p12');

/** The built-in authority of this gateway; null where there is none yet. */
export async function readAuthority(folder: string): Promise<Authority | null> {
  try {
    const password = await readFile(`${keyPath(folder)}.password`, 'utf8');
    const { key, certificate } = loadPkcs12(await readFile(keyPath(folder)), password.trimEnd());
    return { key, certificate };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A new one, which is nowhere yet. */
export async function newAuthority(at: Date): Promise<Authority> {
  const key = await newPrivateKey('rsa-3072');
  const notBefore = new Date(at.getTime() - CLOCK_SKEW);
  const notAfter = new Date(at.getTime() + YEARS * YEAR);
  return { key, certificate: issueAuthority(key, AUTHORITY_NAME, { notBefore, notAfter }) };
}

/** Keeps its key, then lets the gateway trust it, as any other authority of the folder. */
export async function keepAuthority(folder: string, { key, certificate }: Authority): Promise<void> {
  await writeKeyFile(keyPath(folder), { key, certificate, chain: [] });
  await writeSecret(join(folder, 'authorities', 'securemail-internal.pem'), certificate.x509.toString());
}
