// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificates, type Certificate } from '../index.ts';

/** A file of `testdata/`. */
export const testdata = (...path: string[]): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '..', 'testdata', ...path));

/** One certificate, in DER or PEM. */
export async function publishedCertificate(...path: string[]): Promise<Certificate> {
  const [certificate] = readCertificates(await testdata(...path));
  if (certificate === undefined) throw new Error(`${path.join('/')} holds no certificate`);
  return certificate;
}

/** One private key: PKCS#8, in PEM where the file's name ends with `.key`, otherwise in DER. */
export async function publishedKey(...path: string[]): Promise<KeyObject> {
  const key = await testdata(...path);
  return path.at(-1)?.endsWith('.key') === true
    ? createPrivateKey(key)
    : createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}
