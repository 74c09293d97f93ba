// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Issued } from '@securemail/testing';

const run = promisify(execFile);

/** Who can open what was encrypted for them. */
export type Reader = Pick<Issued, 'certificatePem' | 'keyPem'>;

/** Everything here is what the `openssl` program says: a reader that shares no code with us. */
async function inFolder<T>(
  files: Record<string, string | Buffer>,
  work: (
    openssl: (...args: string[]) => Promise<string>,
    read: (name: string) => Promise<string>,
  ) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'crypto-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return await work(
      async (...args) => (await run('openssl', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout,
      (name) => readFile(join(folder, name), 'latin1'),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Decrypts a message with the reader's key and verifies who signed it. Rejects where either can't be done. */
export function openedBy(
  reader: Reader,
  message: Buffer,
  authorityPem: string,
): Promise<{ content: string; signer: string }> {
  const files = {
    'message.eml': message,
    'reader.pem': reader.certificatePem,
    'reader.key': reader.keyPem,
    'authority.pem': authorityPem,
  };
  return inFolder(files, async (openssl, read) => {
    const decrypted = ['-recip', 'reader.pem', '-inkey', 'reader.key', '-out', 'signed.eml'];
    await openssl('cms', '-decrypt', '-in', 'message.eml', ...decrypted);
    const trust = ['-CAfile', 'authority.pem', '-purpose', 'smimesign'];
    await openssl(
      'cms',
      '-verify',
      '-in',
      'signed.eml',
      ...trust,
      '-signer',
      'signer.pem',
      '-out',
      'content',
    );
    return { content: await read('content'), signer: sha256Of(await read('signer.pem')) };
  });
}

/** Verifies an entity that somebody signed in the clear. Rejects where that can't be done. @returns what he signed */
export function verifiedBy(authorityPem: string, entity: string): Promise<string> {
  const files = { 'signed.eml': Buffer.from(entity, 'latin1'), 'authority.pem': authorityPem };
  return inFolder(files, async (openssl, read) => {
    const trust = ['-CAfile', 'authority.pem', '-purpose', 'smimesign'];
    await openssl('cms', '-verify', '-in', 'signed.eml', ...trust, '-out', 'content');
    return await read('content');
  });
}

/** For whose certificates an encrypted message holds its key, as their serial numbers. */
export function keysIn(message: Buffer): Promise<bigint[]> {
  return inFolder({ 'message.eml': message }, async (openssl) => {
    const printed = await openssl('cms', '-cmsout', '-print', '-in', 'message.eml');
    const recipients = printed.slice(
      printed.indexOf('recipientInfos'),
      printed.indexOf('encryptedContentInfo'),
    );
    return [...recipients.matchAll(/serialNumber: (\w+)/g)].map(([, serial = '']) => BigInt(serial));
  });
}

/** Certificates as a PKCS #7 bundle (`.p7b`). */
export const bundleOf = (...certificatesPem: string[]): Promise<string> =>
  inFolder({ 'certificates.pem': certificatesPem.join('') }, (openssl) =>
    openssl('crl2pkcs7', '-nocrl', '-certfile', 'certificates.pem'),
  );

const AUTHORITY = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n';
const PERSON = 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=emailProtection\n';
export const RSA = ['rsa:2048'];
export const P_256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** What is not usual about a certificate. */
export interface Unusual {
  /** Of the person, as `openssl req -newkey` takes it. */
  key?: readonly string[];
  keyUsage?: string;
  /** The DER of SMIMECapabilities (RFC 4262), in hex. */
  capabilities?: string;
}

/** A root, an authority below it, and a certificate that this one has issued for an address, with its key in PKCS #12. */
export function issueBelow(
  email: string,
  { key = RSA, keyUsage = 'digitalSignature,keyEncipherment', capabilities }: Unusual = {},
): Promise<{ rootPem: string; betweenPem: string; person: Reader & { pkcs12: Buffer } }> {
  const files = {
    'root.ext': AUTHORITY,
    'between.ext': AUTHORITY,
    'person.ext':
      `${PERSON}keyUsage=critical,${keyUsage}\nsubjectAltName=email:${email}\n` +
      (capabilities === undefined ? '' : `1.2.840.113549.1.9.15=DER:${capabilities}\n`),
  };
  return inFolder(files, async (openssl, read) => {
    const issue = async (name: string, ...by: string[]) => {
      const pair = ['-newkey', ...(name === 'person' ? key : RSA), '-noenc', '-keyout', `${name}.key`];
      await openssl('req', '-new', ...pair, '-subj', `/O=Test/CN=${name}`, '-out', `${name}.req`);
      const shape = ['-extfile', `${name}.ext`, '-days', '20', '-out', `${name}.pem`];
      await openssl('x509', '-req', '-in', `${name}.req`, ...by, ...shape);
      return { certificatePem: await read(`${name}.pem`), keyPem: await read(`${name}.key`) };
    };
    const root = await issue('root', '-signkey', 'root.key');
    const between = await issue('between', '-CA', 'root.pem', '-CAkey', 'root.key');
    const person = await issue('person', '-CA', 'between.pem', '-CAkey', 'between.key');
    const files = ['-in', 'person.pem', '-inkey', 'person.key', '-certfile', 'between.pem'];
    await openssl('pkcs12', '-export', ...files, '-passout', 'pass:', '-out', 'person.p12');
    const pkcs12 = Buffer.from(await read('person.p12'), 'latin1');
    return {
      rootPem: root.certificatePem,
      betweenPem: between.certificatePem,
      person: { ...person, pkcs12 },
    };
  });
}

/** A certificate for the key of a request (PKCS#10), by a root of its own. */
export function issueFor(
  requestPem: string,
  email: string,
): Promise<{ rootPem: string; certificatePem: string }> {
  const files = {
    'person.req': requestPem,
    'root.ext': AUTHORITY,
    'person.ext': `${PERSON}keyUsage=critical,digitalSignature,keyAgreement\nsubjectAltName=email:${email}\n`,
  };
  return inFolder(files, async (openssl, read) => {
    const pair = ['-newkey', ...RSA, '-noenc', '-keyout', 'root.key', '-subj', '/CN=Requested'];
    await openssl('req', '-new', ...pair, '-out', 'root.req');
    const sign = ['x509', '-req', '-days', '20'];
    await openssl(
      ...sign,
      '-in',
      'root.req',
      '-signkey',
      'root.key',
      '-extfile',
      'root.ext',
      '-out',
      'root.pem',
    );
    const by = ['-CA', 'root.pem', '-CAkey', 'root.key', '-extfile', 'person.ext'];
    await openssl(...sign, '-in', 'person.req', ...by, '-out', 'person.pem');
    return { rootPem: await read('root.pem'), certificatePem: await read('person.pem') };
  });
}

export const serialOf = ({ certificatePem }: Reader): bigint =>
  BigInt(`0x${new X509Certificate(certificatePem).serialNumber}`);

/** Of the certificate's DER, as the events name it. */
export const sha256Of = (certificatePem: string): string =>
  createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('hex');
