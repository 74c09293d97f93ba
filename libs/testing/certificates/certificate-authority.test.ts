// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createCertificateAuthority,
  expired,
  notYetValid,
  type CertificateAuthority,
  type Issued,
} from '../index.ts';

let folder: string;
let authority: CertificateAuthority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'securemail-ca-test-'));
  authority = await createCertificateAuthority({ name: 'Test Authority' });
  await writeFile(join(folder, 'ca.pem'), authority.certificatePem);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function openssl(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('openssl', args, { cwd: folder });
  return stdout + stderr;
}

async function verify(
  issued: Issued,
  purpose: 'smimesign' | 'smimeencrypt' | 'sslserver',
  ...more: string[]
) {
  await writeFile(join(folder, 'leaf.pem'), issued.certificatePem);
  return await openssl(
    'verify',
    '-x509_strict',
    '-purpose',
    purpose,
    ...more,
    '-CAfile',
    'ca.pem',
    'leaf.pem',
  );
}

const textOf = async (issued: Issued) => {
  await writeFile(join(folder, 'leaf.pem'), issued.certificatePem);
  return await openssl('x509', '-in', 'leaf.pem', '-noout', '-text', '-nameopt', 'utf8');
};

describe('a certificate for a person', () => {
  it('is taken by openssl for signing and for encryption, under strict rules, for that address alone', async () => {
    const person = await authority.issuePerson({ email: 'bo@citizen.example', name: 'Bo Børger' });
    expect(await verify(person, 'smimesign')).toContain('leaf.pem: OK');
    expect(await verify(person, 'smimeencrypt', '-verify_email', 'bo@citizen.example')).toContain('OK');
    await expect(verify(person, 'smimesign', '-verify_email', 'eve@citizen.example')).rejects.toThrow(
      /mismatch/,
    );
    const text = await textOf(person);
    for (const part of ['CN=Bo Børger', 'email:bo@citizen.example', 'E-mail Protection', '2048 bit'])
      expect(text).toContain(part);
  });

  it('comes with its own key, in PEM and in PKCS #12 under a password', async () => {
    const person = await authority.issuePerson({ email: 'bo@citizen.example', name: 'Bo' });
    expect(new X509Certificate(person.certificatePem).checkPrivateKey(createPrivateKey(person.keyPem))).toBe(
      true,
    );
    await writeFile(join(folder, 'bo.p12'), person.pkcs12('pass-word'));
    const opened = await openssl('pkcs12', '-in', 'bo.p12', '-noenc', '-passin', 'pass:pass-word');
    expect(opened).toContain(person.certificatePem);
    expect(opened).toContain(authority.certificatePem);
    expect(opened).toContain('BEGIN PRIVATE KEY');
    await expect(openssl('pkcs12', '-in', 'bo.p12', '-noenc', '-passin', 'pass:wrong')).rejects.toThrow();
  });

  it('can be limited to signing', async () => {
    const person = await authority.issuePerson({
      email: 'bo@citizen.example',
      name: 'Bo',
      keyUsage: ['digitalSignature'],
    });
    expect(await verify(person, 'smimesign')).toContain('OK');
    await expect(verify(person, 'smimeencrypt')).rejects.toThrow(/purpose/);
  });

  it.each([
    ['expired', expired, /expired/],
    ['not yet valid', notYetValid, /not yet valid/],
  ] as const)('can be %s', async (_, validity, complaint) => {
    const person = await authority.issuePerson({
      email: 'bo@citizen.example',
      name: 'Bo',
      validity: validity(),
    });
    await expect(verify(person, 'smimesign')).rejects.toThrow(complaint);
  });
});

it('a certificate for an organisation names its domain and is no TLS server certificate', async () => {
  const hospital = await authority.issueOrganisation({ domain: 'hospital.example', name: 'Demo Hospital' });
  expect(await verify(hospital, 'smimeencrypt', '-verify_email', 'securemail@hospital.example')).toContain(
    'OK',
  );
  expect(await textOf(hospital)).toContain('DNS:hospital.example');
  await expect(verify(hospital, 'sslserver')).rejects.toThrow(/purpose/);
});

it('a certificate for a server holds for its host names and addresses, and for no mail', async () => {
  const server = await authority.issueServer({ names: ['mail.demo.example', '127.0.0.1', '::1'] });
  expect(await verify(server, 'sslserver', '-verify_hostname', 'mail.demo.example')).toContain('OK');
  expect(await verify(server, 'sslserver', '-verify_ip', '127.0.0.1')).toContain('OK');
  expect(await verify(server, 'sslserver', '-verify_ip', '::1')).toContain('OK');
  await expect(verify(server, 'sslserver', '-verify_hostname', 'other.example')).rejects.toThrow(/mismatch/);
  await expect(verify(server, 'smimesign')).rejects.toThrow(/purpose/);
});

it('one authority does not vouch for what another has issued', async () => {
  const stranger = await createCertificateAuthority({ name: 'Test Authority' });
  const person = await stranger.issuePerson({ email: 'bo@citizen.example', name: 'Bo' });
  await expect(verify(person, 'smimesign')).rejects.toThrow(/unable to get local issuer|signature failure/);
});
