// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { oid, sequence } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  ALL_CAPABILITIES,
  BelowPolicyFloorError,
  chooseEncryption,
  chooseEncryptions,
  envelopeKind,
  readCapabilities,
  UnsuitableCertificateError,
  type Capability,
  type KnownRecipient,
} from '../index.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;
const KEYS: Readonly<Record<string, KeyObject>> = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
  'P-256': ec('prime256v1'),
  'P-384': ec('secp384r1'),
  'P-521': ec('secp521r1'),
  X25519: generateKeyPairSync('x25519').publicKey,
  'ML-KEM-512': generateKeyPairSync('ml-kem-512').publicKey,
  'ML-KEM-768': generateKeyPairSync('ml-kem-768').publicKey,
};
const KINDS = Object.keys(KEYS);
/** Some of each, so that one kind of key has several certificates. */
const CERTIFICATES = new Map(
  KINDS.map((kind) => [kind, [1, 2, 3].map(() => issueByHand(KEYS[kind]!))] as const),
);

const says = (...ids: string[]): readonly Capability[] =>
  readCapabilities(sequence(...ids.map((id) => sequence(oid(id)))));
const SAYINGS = {
  nothing: null,
  everything: ALL_CAPABILITIES,
  gcm256: says(OID.aes256Gcm),
  gcm128: says(OID.aes128Gcm),
  chacha: says(OID.chacha20Poly1305, OID.aes256Cbc),
  cbc128: says(OID.aes128Cbc),
} as const;

const person = (kind: string, saying: keyof typeof SAYINGS = 'nothing', which = 0): KnownRecipient => ({
  certificate: CERTIFICATES.get(kind)![which]!,
  capabilities: SAYINGS[saying],
});
/** For each envelope its cipher, and the kinds of keys that open it. */
const envelopes = (...recipients: KnownRecipient[]) =>
  chooseEncryptions(recipients).map(({ contentEncryption, recipients: all }) => [
    contentEncryption,
    ...all.map(({ certificate }) => KINDS.find((kind) => CERTIFICATES.get(kind)!.includes(certificate))),
  ]);

describe('recipients share an envelope', () => {
  it('where all read the same and have keys of one kind, whatever the curve or the size', () => {
    expect(envelopes(person('RSA'), person('RSA', 'nothing', 1))).toEqual([['aes-256-cbc', 'RSA', 'RSA']]);
    expect(envelopes(person('P-256'), person('P-384'), person('P-521'))).toEqual([
      ['aes-256-cbc', 'P-256', 'P-384', 'P-521'],
    ]);
    expect(envelopes(person('ML-KEM-512'), person('ML-KEM-768'))).toEqual([
      ['aes-256-cbc', 'ML-KEM-512', 'ML-KEM-768'],
    ]);
  });

  it('not with keys of another kind, at which a mail program may give up before it comes to its own', () => {
    expect(envelopes(person('RSA'), person('P-256'), person('X25519'), person('ML-KEM-768'))).toEqual([
      ['aes-256-cbc', 'RSA'],
      ['aes-256-cbc', 'P-256'],
      ['aes-256-cbc', 'X25519'],
      ['aes-256-cbc', 'ML-KEM-768'],
    ]);
  });

  it('not with somebody who reads less: he takes nothing from them', () => {
    expect(
      envelopes(person('RSA', 'gcm256'), person('RSA', 'nothing', 1), person('RSA', 'everything', 2)),
    ).toEqual([
      ['aes-256-gcm', 'RSA', 'RSA'],
      ['aes-256-cbc', 'RSA'],
    ]);
  });

  it('of which there is none for nobody', () => {
    expect(chooseEncryptions([])).toEqual([]);
  });
});

it('a stranger gets what one says that strangers read', () => {
  const choosing = { strangersRead: ['aes-128-cbc'] } as const;
  expect(envelopeKind(person('RSA'), choosing)).toBe('rsa, aes-128-cbc');
  expect(envelopeKind(person('RSA', 'gcm256'), choosing)).toBe('rsa, aes-256-gcm');
  expect(chooseEncryption([person('RSA')], choosing).contentEncryption).toBe('aes-128-cbc');
});

it('whom nobody can encrypt for has no envelope', () => {
  const weak = { ...person('RSA'), capabilities: says(OID.desEde3Cbc) };
  expect(() => envelopeKind(weak)).toThrow(BelowPolicyFloorError);
  expect(() => chooseEncryptions([person('RSA'), weak])).toThrow(BelowPolicyFloorError);
  const signsOnly = { certificate: issueByHand(generateKeyPairSync('ed25519').publicKey) };
  expect(() => envelopeKind(signsOnly)).toThrow(UnsuitableCertificateError);
});

it('a key that none can be agreed on with spoils no envelope: X25519 of small order (RFC 8418 §2)', () => {
  const spki = Buffer.from(`302a300506032b656e032100${'00'.repeat(32)}`, 'hex');
  const certificate = issueByHand(createPublicKey({ key: spki, format: 'der', type: 'spki' }));
  expect(() => envelopeKind({ certificate })).toThrow(UnsuitableCertificateError);
  expect(() => envelopeKind({ certificate })).toThrow(/no key can be wrapped/);
});

it('everybody is in one envelope, with what would be chosen for him alone: whoever they are', () => {
  const anybody = fc
    .record({
      kind: fc.constantFrom(...KINDS),
      saying: fc.constantFrom(...(Object.keys(SAYINGS) as (keyof typeof SAYINGS)[])),
      which: fc.nat({ max: 2 }),
    })
    .map(({ kind, saying, which }) => person(kind, saying, which));
  fc.assert(
    fc.property(fc.array(anybody, { maxLength: 12 }), (people) => {
      const chosen = chooseEncryptions(people);
      const alone = people.map((one) => {
        const { contentEncryption, recipients } = chooseEncryption([one]);
        return { contentEncryption, ...recipients[0]!, kind: envelopeKind(one) };
      });
      const placed = chosen.flatMap(({ contentEncryption, recipients }) =>
        recipients.map((recipient) => ({ contentEncryption, ...recipient })),
      );
      expect(placed).toHaveLength(people.length);
      expect(placed).toEqual(expect.arrayContaining(alone.map(({ kind: _, ...choice }) => choice)));
      expect(chosen).toHaveLength(new Set(alone.map(({ kind }) => kind)).size);
    }),
    { numRuns: 300 },
  );
});
