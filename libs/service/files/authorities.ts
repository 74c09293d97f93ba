// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

const read = new Map<string, { version: string; pem: string }>();

/**
 * The text of a file of authorities. It is read again when it was replaced, and not for each mail.
 *
 * @throws where it can not be read, or does not begin with a certificate.
 */
export async function authoritiesIn(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  const version = `${mtimeMs} ${size} ${ino}`;
  const known = read.get(file);
  if (known?.version === version) return known.pem;
  const pem = withCertificate(await readFile(file, 'utf8'), file);
  read.set(file, { version, pem });
  return pem;
}

/**
 * The text of a file of authorities, as it is at the start.
 *
 * @param setting what names the file.
 * @throws where it can not be used, with the setting and why.
 */
export function readAuthorities(setting: string, file: string): string;
export function readAuthorities(setting: string, file: string | undefined): string | undefined;
export function readAuthorities(setting: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${setting} can not be read: ${file}`);
  }
  return withCertificate(pem, file, setting);
}

/** Node.js takes an empty text as none, and trusts the system's authorities then. */
function withCertificate(pem: string, file: string, setting = 'the file of authorities'): string {
  try {
    new X509Certificate(pem);
  } catch {
    throw new Error(`${setting} has no certificate in it: ${file}`);
  }
  return pem;
}
