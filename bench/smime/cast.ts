// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readCertificates, type Certificate } from '@securemail/smime';
import type { Algorithm } from './cases.ts';

/** Who signs and who reads; one key does for all of them, as the work is the same for any. */
export interface Cast {
  readonly key: KeyObject;
  readonly signer: Certificate;
  /** Of that key, all with serial numbers of their own. */
  readonly recipients: readonly Certificate[];
}

const run = promisify(execFile);

/** Certificates by the `openssl` program, as that is needed for the comparison anyway. */
export async function castFor(algorithm: Algorithm, recipients: number): Promise<Cast> {
  const { privateKey } =
    algorithm === 'rsa-2048'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const folder = await mkdtemp(join(tmpdir(), 'securemail-bench-'));
  try {
    const keyFile = join(folder, 'key.pem');
    await writeFile(keyFile, pem, { mode: 0o600 });
    const [signer, ...others] = await Promise.all(
      Array.from({ length: recipients + 1 }, (_, i) => selfSigned(keyFile, `person${i}@a.example`)),
    );
    if (signer === undefined) throw new Error('openssl made no certificate');
    return { key: createPrivateKey(pem), signer, recipients: others };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function selfSigned(keyFile: string, email: string): Promise<Certificate> {
  const { stdout } = await run('openssl', [
    ...['req', '-x509', '-new', '-key', keyFile, '-subj', `/CN=${email}`, '-days', '30'],
    ...['-addext', `subjectAltName=email:${email}`],
  ]);
  const [certificate] = readCertificates(stdout);
  if (certificate === undefined) throw new Error('openssl made no certificate');
  return certificate;
}
