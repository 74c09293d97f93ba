// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { NULL, oid, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  ALL_CAPABILITIES,
  BelowPolicyFloorError,
  chooseEncryption,
  COMMON_CAPABILITIES,
  encryptEntity,
  entityOf,
  readCapabilities,
  UnsuitableCertificateError,
  writeCapabilities,
  type Capability,
  type Certificate,
} from '../index.ts';
import { cmsOf } from '../testing/cms-of.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RSA: Certificate = issueByHand(publicKey);

const says = (...ids: string[]): readonly Capability[] =>
  readCapabilities(sequence(...ids.map((id) => sequence(oid(id)))));
const chosen = (...all: (readonly Capability[] | null)[]) =>
  chooseEncryption(all.map((capabilities) => ({ certificate: RSA, capabilities }))).contentEncryption;

const gcm256 = says(OID.aes256Gcm);
const gcm128 = says(OID.aes128Gcm, OID.aes128Cbc);
const chacha = says(OID.chacha20Poly1305, OID.aes128Gcm);
const cbc256 = says(OID.aes256Cbc, OID.aes128Cbc, OID.desEde3Cbc);
const cbc128 = says(OID.aes128Cbc);

describe('content is encrypted', () => {
  it.each([
    ['for a stranger', [null], 'aes-256-cbc'],
    ['for one who lists no content encryption', [says(OID.rsaEncryption)], 'aes-256-cbc'],
    ['for one who reads AES-256-GCM', [gcm256], 'aes-256-gcm'],
    ['for one who reads everything we do', [ALL_CAPABILITIES], 'aes-256-gcm'],
    ['for one who reads ChaCha20-Poly1305, but no AES-256-GCM', [chacha], 'chacha20-poly1305'],
    ['for one who reads AES-128-GCM', [gcm128], 'aes-128-gcm'],
    ['for two who have AES-128-GCM in common', [chacha, gcm128], 'aes-128-gcm'],
    ['for one who reads AES-GCM and a stranger', [ALL_CAPABILITIES, null], 'aes-256-cbc'],
    ['for one who names only AES-GCM and a stranger', [gcm256, null], 'aes-128-cbc'],
    ['for one who still lists 3DES', [cbc256], 'aes-256-cbc'],
    ['for one who reads no more than AES-128-CBC', [cbc128, cbc256, null], 'aes-128-cbc'],
  ] as const)('%s', (_whom, capabilities, expected) => {
    expect(chosen(...capabilities)).toBe(expected);
  });

  it('never for one who says that he reads nothing but 3DES or RC2, and never for nobody', () => {
    expect(() => chosen(says(OID.desEde3Cbc, OID.rc2Cbc), null)).toThrow(BelowPolicyFloorError);
    expect(() => chosen()).toThrow(/at least one/);
  });

  it('as the certificate says (RFC 4262), where no message has said more', () => {
    const capabilities = sequence(sequence(oid(OID.aes256Gcm)));
    const certificate = issueByHand(publicKey, { capabilities });
    expect(chooseEncryption([{ certificate }]).contentEncryption).toBe('aes-256-gcm');
    expect(chooseEncryption([{ certificate, capabilities: cbc128 }]).contentEncryption).toBe('aes-128-cbc');
    const unreadable = issueByHand(publicKey, { capabilities: smallInteger(1) });
    expect(unreadable.capabilities).toBeNull();
    expect(chooseEncryption([{ certificate: unreadable }]).contentEncryption).toBe('aes-256-cbc');
  });
});

describe('the key for the content', () => {
  const way = (certificate: Certificate, capabilities: readonly Capability[] | null = null) =>
    chooseEncryption([{ certificate, capabilities }]).recipients.map(({ keyEncryption }) => keyEncryption);

  it('is wrapped by OAEP only for one who says that he reads it with SHA-256', () => {
    const withSha1 = sequence(sequence(oid(OID.rsaesOaep), sequence()));
    expect(way(RSA)).toEqual(['rsaes-pkcs1-v1_5']);
    expect(way(RSA, readCapabilities(withSha1))).toEqual(['rsaes-pkcs1-v1_5']);
    expect(way(RSA, ALL_CAPABILITIES)).toEqual(['rsaes-oaep-sha256']);
  });

  it.each([
    ['prime256v1', 'ecdh-sha256'],
    ['secp384r1', 'ecdh-sha384'],
    ['secp521r1', 'ecdh-sha512'],
  ] as const)('reaches a key on %s by %s', (namedCurve, expected) => {
    expect(way(issueByHand(generateKeyPairSync('ec', { namedCurve }).publicKey))).toEqual([expected]);
  });

  it('reaches X25519 and ML-KEM in their own ways', () => {
    expect(way(issueByHand(generateKeyPairSync('x25519').publicKey))).toEqual(['x25519-hkdf-sha256']);
    expect(way(issueByHand(generateKeyPairSync('ml-kem-768').publicKey))).toEqual(['ml-kem-768']);
  });

  it('does not reach a short RSA key, nor one that only signs', () => {
    const short = issueByHand(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
    expect(() => way(short)).toThrow(BelowPolicyFloorError);
    const signs = issueByHand(generateKeyPairSync('ed25519').publicKey);
    expect(() => way(signs)).toThrow(UnsuitableCertificateError);
  });
});

it('a choice goes into an encryption as it is', async () => {
  const recipients = [{ certificate: RSA, capabilities: ALL_CAPABILITIES }];
  const choice = chooseEncryption(recipients);
  const cms = await cmsOf(await encryptEntity(entityOf(Buffer.from('x')), choice.recipients, choice));
  expect(cms.includes(oid(OID.aes256Gcm))).toBe(true);
  expect(cms.includes(oid(OID.rsaesOaep))).toBe(true);
});

describe('capabilities', () => {
  it('are the same after they were written and read', () => {
    for (const capabilities of [ALL_CAPABILITIES, COMMON_CAPABILITIES]) {
      expect(readCapabilities(writeCapabilities(capabilities))).toEqual(capabilities);
    }
  });

  it('keep their order and their parameters', () => {
    const rc2 = sequence(oid(OID.rc2Cbc), smallInteger(40));
    const list = readCapabilities(sequence(sequence(oid(OID.aes128Cbc), NULL), rc2));
    expect(list.map(({ id }) => id)).toEqual([OID.aes128Cbc, OID.rc2Cbc]);
    expect(list[1]?.der).toEqual(rc2);
  });

  it.each([
    ['no list', smallInteger(1)],
    ['something that is no capability', sequence(smallInteger(1))],
    ['a capability without an identifier', sequence(sequence())],
    ['more than anybody lists', sequence(...Array.from({ length: 201 }, () => sequence(oid(OID.aes128Cbc))))],
    ['nothing', Buffer.alloc(0)],
  ])('are refused where there is %s', (_what, value) => {
    expect(() => readCapabilities(value)).toThrow();
  });
});
