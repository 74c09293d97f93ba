// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import {
  KeyMismatchError,
  loadPkcs12,
  readCertificates,
  softwareSigner,
  UnreadableCertificateError,
  UnreadableKeyError,
  WrongPasswordError,
} from '../index.ts';
import {
  openssl,
  opensslWorkshop,
  type Identity,
  type OpensslWorkshop,
} from '../testing/openssl-workshop.ts';

let workshop: OpensslWorkshop;
let authority: Identity;
let alice: Identity;
let elliptic: Identity;

beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  [alice, elliptic] = await Promise.all([
    workshop.issue(authority, {
      subject: '/CN=Alice/emailAddress=old@a.example',
      names: 'email:Alice@a.example,email:al@a.example,DNS:Mail.A.Example',
    }),
    workshop.issue(authority, { key: workshop.P_256 }),
  ]);
});
afterAll(() => workshop.close());

describe('a certificate', () => {
  it('tells whom it names, for how long, and what it may be used for', async () => {
    const { certificate } = alice;
    const printed = await openssl('x509', '-in', alice.certificatePath, '-noout', '-fingerprint', '-sha256');
    expect(certificate.sha256).toBe(
      printed.toString().trim().split('=')[1]!.replaceAll(':', '').toLowerCase(),
    );
    expect(certificate.emails).toEqual(['Alice@a.example', 'al@a.example', 'old@a.example']);
    expect(certificate.domains).toEqual(['mail.a.example']);
    expect(certificate.notAfter.getTime() - certificate.notBefore.getTime()).toBe(20 * 24 * 3600 * 1000);
    expect(certificate.key).toEqual({ type: 'rsa', bits: 2048 });
    expect(certificate.keyUsage).toEqual(new Set(['digitalSignature', 'keyEncipherment']));
    expect(certificate.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.4']);
    expect(certificate.authority).toBeNull();
    expect(authority.certificate.authority).toEqual({ pathLength: null });
    expect(elliptic.certificate.key).toEqual({ type: 'ec', bits: 256 });
  });

  it('is read from PEM, DER and PKCS#7 alike, also many from one file', async () => {
    const [pem, root] = await Promise.all([
      readFile(alice.certificatePath, 'utf8'),
      readFile(authority.certificatePath, 'utf8'),
    ]);
    const both = await workshop.write('both.pem', `Alice\n${pem}\nand her authority\n${root}`);
    const pkcs7 = ['crl2pkcs7', '-nocrl', '-certfile', both];
    const wanted = [alice.certificate.sha256, authority.certificate.sha256].toSorted();
    for (const file of [
      await readFile(both),
      (await readFile(both)).toString(),
      await openssl(...pkcs7, '-outform', 'DER'),
      await openssl(...pkcs7),
    ]) {
      expect(
        readCertificates(file)
          .map(({ sha256 }) => sha256)
          .toSorted(),
      ).toEqual(wanted);
    }
    const der = await openssl('x509', '-in', alice.certificatePath, '-outform', 'DER');
    expect(readCertificates(der)).toHaveLength(1);
  });

  it.each([
    ['an empty file', () => Buffer.alloc(0)],
    ['text', () => 'hello'],
    ['a key', () => alice.keyPem],
    ['one cut off', () => alice.certificate.der.subarray(0, -10)],
    ['one with a damaged length', () => Buffer.from(alice.certificate.der).fill(0xff, 4, 8)],
    ['a damaged PEM', () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
  ])('is not read from %s', (_, file) => {
    expect(() => readCertificates(file())).toThrow(UnreadableCertificateError);
  });

  it.each([
    ['ends in the middle', (pem: string) => pem.slice(0, pem.length / 2)],
    ['begins in the middle', (pem: string) => pem.slice(pem.length / 2)],
    ['has a line that is none of it', (pem: string) => pem.replace('\n', '\n<html>\n')],
  ])('is not passed over where one beside it %s', async (_, damage) => {
    const whole = await readFile(alice.certificatePath, 'utf8');
    const other = await readFile(authority.certificatePath, 'utf8');
    const damaged = damage(other);
    for (const file of [whole + damaged, damaged + whole])
      expect(() => readCertificates(file)).toThrow('cut off or damaged');
    expect(readCertificates(whole + other)).toHaveLength(2);
  });

  it('is told to be missing in PEM that holds something else', () => {
    for (const text of [alice.keyPem, `Bag Attributes\n${alice.keyPem}`])
      expect(() => readCertificates(text)).toThrow('PEM, but there is no certificate in it');
    expect(() => readCertificates('hello')).toThrow('neither PEM nor DER');
  });
});

describe('a PKCS#12 file', () => {
  const exported = async (who: Identity, ...options: string[]) => {
    const file = workshop.path('key.p12');
    const password = ['-passout', 'pass:hemmelig æøå'];
    const chain = ['-certfile', authority.certificatePath];
    await openssl(
      ...['pkcs12', '-export', '-in', who.certificatePath, '-inkey', who.keyPath, ...chain],
      ...[...options, ...password, '-out', file],
    );
    return readFile(file);
  };

  it.each([
    ['as OpenSSL 3 writes it (AES-256, SHA-256)', () => alice, []],
    [
      'as older Windows writes it (3DES, SHA-1)',
      () => alice,
      ['-legacy', '-macalg', 'sha1', '-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES'],
    ],
    ['with a key on an elliptic curve', () => elliptic, []],
  ])('gives key, certificate and chain: %s', async (_, who, options) => {
    const { key, certificate, chain } = loadPkcs12(await exported(who(), ...options), 'hemmelig æøå');
    expect(certificate.der.equals(who().certificate.der)).toBe(true);
    expect(chain.map(({ sha256 }) => sha256)).toEqual([authority.certificate.sha256]);
    expect(key.equals(createPrivateKey(who().keyPem))).toBe(true);
    expect(softwareSigner({ key, certificate, chain }).certificate).toBe(certificate);
  });

  it('says that the password is wrong, and nothing else', async () => {
    const file = await exported(alice);
    expect(() => loadPkcs12(file, 'gæt')).toThrow(WrongPasswordError);
    expect(() => loadPkcs12(file, '')).toThrow(WrongPasswordError);
  });

  it('that is none, or holds no key, is refused', async () => {
    expect(() => loadPkcs12(Buffer.from('no such file'), 'x')).toThrow(UnreadableKeyError);
    expect(() => loadPkcs12(alice.certificate.der, 'x')).toThrow(UnreadableKeyError);
    const bare = workshop.path('bare.p12');
    await openssl(
      ...['pkcs12', '-export', '-nokeys', '-in', alice.certificatePath, '-passout', 'pass:x', '-out', bare],
    );
    const file = await readFile(bare);
    expect(() => loadPkcs12(file, 'x')).toThrow(/0 private keys/);
  });
});

describe('a signer', () => {
  it('is refused where key and certificate are not a pair', () => {
    const { certificate } = alice;
    expect(() => softwareSigner({ key: elliptic.keyPem, certificate })).toThrow(KeyMismatchError);
  });

  it('is refused for what is no key, without repeating it', () => {
    const { certificate } = alice;
    const damaged = alice.keyPem.replace('PRIVATE KEY-----\n', 'PRIVATE KEY-----\nAAAA');
    expect(() => softwareSigner({ key: damaged, certificate })).toThrow(UnreadableKeyError);
    try {
      softwareSigner({ key: damaged, certificate });
    } catch (error) {
      expect(inspect(error)).not.toContain(alice.keyPem.split('\n')[2]);
    }
  });

  it('is refused for a key that makes other signatures', () => {
    const key = generateKeyPairSync('ed448').privateKey;
    const certificate = { ...alice.certificate, key: { type: 'ed448', bits: 0 } };
    expect(() => softwareSigner({ key, certificate })).toThrow(/Ed25519 keys sign here/);
  });

  it('shows no key when printed', () => {
    const signer = softwareSigner({ key: alice.keyPem, certificate: alice.certificate });
    const secret = createPrivateKey(alice.keyPem).export({ format: 'jwk' }).d!;
    const shown = inspect(signer, { depth: 9, showHidden: true }) + JSON.stringify(signer);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(alice.keyPem.split('\n')[1]);
  });
});
