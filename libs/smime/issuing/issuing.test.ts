// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  issueAuthority,
  issueCertificate,
  judgeCertificate,
  loadPkcs12,
  NEW_KEYS,
  newPrivateKey,
  requestCertificate,
  WrongPasswordError,
  writePkcs12,
  type Authority,
  type NewKey,
} from '../index.ts';

const DAY = 86_400_000;
const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) };
const keys = new Map(
  await Promise.all(NEW_KEYS.map(async (kind) => [kind, await newPrivateKey(kind)] as const)),
);
const keyOf = (kind: NewKey) => keys.get(kind)!;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'issuing-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function openssl(files: Record<string, string | Buffer>, ...args: string[]): Promise<string> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const { stdout, stderr } = await promisify(execFile)('openssl', args, { cwd: folder });
  return stdout + stderr;
}
const authorityWith = (kind: NewKey): Authority => {
  const key = keyOf(kind);
  return { key, certificate: issueAuthority(key, 'Own authority', validity) };
};

describe.each(NEW_KEYS)('a key of the kind %s', (kind) => {
  const anna = { commonName: 'Anna Østergård', emails: ['anna@demo.example'] };

  it('asks for a certificate in a way that openssl verifies, with all that is to stand in it', async () => {
    const request = requestCertificate(keyOf(kind), { ...anna, domains: ['demo.example'] });
    const text = await openssl(
      { 'a.csr': request },
      ...['req', '-in', 'a.csr', '-verify', '-noout', '-text', '-nameopt', 'utf8'],
    );
    for (const part of [
      'verify OK',
      'CN=Anna Østergård',
      'email:anna@demo.example',
      'DNS:demo.example',
      'E-mail Protection',
      kind === 'p-256' ? 'Digital Signature, Key Agreement' : 'Digital Signature, Key Encipherment',
      kind === 'p-256' ? 'prime256v1' : '3072 bit',
    ])
      expect(text).toContain(part);
  });

  it('gets a certificate that openssl takes under strict rules, and we do, for its mailbox alone', async () => {
    const authority = authorityWith(kind);
    const certificate = issueCertificate(authority, await newPrivateKey('p-256'), anna, validity);
    const verify = (email: string) =>
      openssl(
        { 'a.pem': certificate.x509.toString(), 'ca.pem': authority.certificate.x509.toString() },
        ...['verify', '-x509_strict', '-purpose', 'smimesign', '-verify_email', email],
        ...['-CAfile', 'ca.pem', 'a.pem'],
      );
    expect(await verify('anna@demo.example')).toContain('OK');
    await expect(verify('eve@demo.example')).rejects.toThrow('mismatch');
    const question = { at: new Date(), trustAnchors: [authority.certificate], address: 'Anna@demo.example' };
    for (const purpose of ['sign', 'encrypt'] as const)
      expect(judgeCertificate(certificate, { ...question, purpose })).toMatchObject({ ok: true });
  });

  it('is put into a PKCS#12 file that we open, and openssl, under its password alone', async () => {
    const authority = authorityWith(kind);
    const certificate = issueCertificate(authority, keyOf(kind), anna, validity);
    const file = writePkcs12({ key: keyOf(kind), certificate, chain: [authority.certificate] }, 'pass-word');
    const { key, chain, ...opened } = loadPkcs12(file, 'pass-word');
    expect(key.equals(keyOf(kind))).toBe(true);
    expect(opened.certificate.sha256).toBe(certificate.sha256);
    expect(chain.map(({ sha256 }) => sha256)).toEqual([authority.certificate.sha256]);
    expect(() => loadPkcs12(file, 'password')).toThrow(WrongPasswordError);
    const open = (password: string) =>
      openssl({ 'a.p12': file }, 'pkcs12', '-in', 'a.p12', '-noenc', '-passin', `pass:${password}`);
    const text = await open('pass-word');
    expect(text).toContain(certificate.x509.toString());
    expect(text).toContain('BEGIN PRIVATE KEY');
    await expect(open('password')).rejects.toThrow('invalid password');
  });
});

it('a mailbox beyond ASCII and one for a whole domain are named as who reads the certificate wants them', () => {
  const authority = authorityWith('p-256');
  const issued = (holder: { emails: string[]; domains?: string[] }) =>
    issueCertificate(authority, keyOf('p-256'), { commonName: 'x', ...holder }, validity);
  expect(issued({ emails: ['åse@demo.example'] }).emails).toEqual(['åse@demo.example']);
  expect(issued({ emails: ['securemail@demo.example'], domains: ['demo.example'] })).toMatchObject({
    emails: ['securemail@demo.example'],
    domains: ['demo.example'],
  });
});

it('each certificate has a number of its own, and of a private key nothing is in it but the public half', () => {
  const authority = authorityWith('p-256');
  const issue = () =>
    issueCertificate(authority, keyOf('rsa-3072'), { commonName: 'x', emails: [] }, validity);
  const [one, other] = [issue(), issue()];
  expect(one.serial.equals(other.serial)).toBe(false);
  expect(one.x509.publicKey.equals(createPublicKey(keyOf('rsa-3072')))).toBe(true);
});
