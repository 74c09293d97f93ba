// SPDX-License-Identifier: Apache-2.0
import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { eccCmsSharedInfo, hkdfSha256, x963Kdf } from '../algorithms/key-derivation.ts';
import { AES_256_WRAP, unwrapKey as unwrapWith, wrapKey } from '../algorithms/key-wrap.ts';
import { context, der, octetString, oid, readDer, sequence, smallInteger, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { softwareUnwrapper, type Unwrapper } from '../index.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { algorithm, digestOf, fromHex, misjudged, wycheproof, type Vector } from '../testing/wycheproof.ts';
import type { EncryptedKey } from './recipient-infos.ts';
import { unwrapKey } from './unwrap-key.ts';

const NAME = 'whoever';
const CONTENT_KEY = Buffer.alloc(32, 'k');

const unwrapperOf = (key: KeyObject): Unwrapper =>
  softwareUnwrapper({ key, certificate: issueByHand(createPublicKey(key)) });
const privateKey = (hex: unknown) => createPrivateKey({ key: fromHex(hex), format: 'der', type: 'pkcs8' });

/** Whether a key unwraps to what it should; one that does not may reject or be another, so that nobody can tell. */
const unwraps = (key: EncryptedKey, unwrapper: Unwrapper, expected: Buffer) =>
  unwrapKey(key, unwrapper).then(
    (unwrapped) => unwrapped.equals(expected),
    () => false,
  );

const DIGESTS = { sha1: OID.sha1, sha256: OID.sha256, sha384: OID.sha384, sha512: OID.sha512 };

function oaep(sha: unknown, mgfSha: unknown, label: Buffer) {
  const hash = (name: unknown) => sequence(oid(DIGESTS[digestOf(name) as keyof typeof DIGESTS]));
  const source = sequence(oid('1.2.840.113549.1.1.9'), octetString(label));
  return algorithm(
    OID.rsaesOaep,
    sequence(
      der(context(0), hash(sha)),
      der(context(1), sequence(oid(OID.mgf1), hash(mgfSha))),
      ...(label.length === 0 ? [] : [der(context(2), source)]),
    ),
  );
}

const oaepVectors = async (name: string) => {
  const groups = await wycheproof(`rsa_oaep_${name}`);
  const unwrappers = new Map(
    groups.map((group) => [group, unwrapperOf(privateKey(group['privateKeyPkcs8']))]),
  );
  return misjudged(groups, ({ ct, msg, label }, group) => {
    const identifier = oaep(group['sha'], group['mgfSha'], fromHex(label));
    const key = { kind: 'transport', name: NAME, algorithm: identifier, encryptedKey: fromHex(ct) } as const;
    return unwraps(key, unwrappers.get(group)!, fromHex(msg));
  });
};

it.each([
  '2048_sha1_mgf1sha1',
  '2048_sha256_mgf1sha256',
  '2048_sha384_mgf1sha384',
  '2048_sha512_mgf1sha512',
  '3072_sha256_mgf1sha256',
  '3072_sha512_mgf1sha512',
  '4096_sha256_mgf1sha256',
  '4096_sha512_mgf1sha512',
])('RSA OAEP %s', async (name) => {
  expect(await oaepVectors(name)).toEqual([]);
});

it('RSA OAEP with another digest in MGF1 is not read, so of these none opens', async () => {
  const wrong = await oaepVectors('2048_sha256_mgf1sha1');
  const groups = await wycheproof('rsa_oaep_2048_sha256_mgf1sha1');
  const valid = groups.flatMap(({ tests }) => tests).filter(({ result }) => result === 'valid');
  expect(wrong).toHaveLength(valid.length);
});

it.each([2048, 3072, 4096])('RSA PKCS#1 v1.5 with %d bits', async (bits) => {
  const groups = await wycheproof(`rsa_pkcs1_${bits}`);
  const unwrappers = new Map(
    groups.map((group) => [group, unwrapperOf(privateKey(group['privateKeyPkcs8']))]),
  );
  const pkcs1 = algorithm(OID.rsaEncryption);
  const wrong = await misjudged(groups, ({ ct, msg }, group) => {
    const key = { kind: 'transport', name: NAME, algorithm: pkcs1, encryptedKey: fromHex(ct) } as const;
    return unwraps(key, unwrappers.get(group)!, fromHex(msg));
  });
  expect(wrong).toEqual([]);
});

/** A content key wrapped for whoever agrees on the secret that the vector says. */
const agreed = (vector: Vector, scheme: string, kek: (secret: Buffer) => Buffer): EncryptedKey => ({
  kind: 'agreement',
  name: NAME,
  algorithm: algorithm(scheme, AES_256_WRAP.identifier),
  originator: readDer(der(context(1), readDer(fromHex(vector['public'])).content)),
  ukm: null,
  encryptedKey: wrapKey(AES_256_WRAP, kek(fromHex(vector['shared'])), CONTENT_KEY),
});

const agrees = async (
  vector: Vector,
  unwrapper: Unwrapper,
  scheme: string,
  kek: (secret: Buffer) => Buffer,
) => {
  let key: EncryptedKey;
  try {
    key = agreed(vector, scheme, kek);
  } catch {
    return false; // Its public key is not even DER, so no RecipientInfo could carry it.
  }
  return await unwraps(key, unwrapper, CONTENT_KEY);
};

const INFO = eccCmsSharedInfo(AES_256_WRAP);
const CURVES = [
  ['secp256r1', 'prime256v1', '1.2.840.10045.3.1.7', 32],
  ['secp384r1', 'secp384r1', '1.3.132.0.34', 48],
  ['secp521r1', 'secp521r1', '1.3.132.0.35', 66],
  ['brainpoolP256r1', 'brainpoolP256r1', '1.3.36.3.3.2.8.1.1.7', 32],
  ['brainpoolP384r1', 'brainpoolP384r1', '1.3.36.3.3.2.8.1.1.11', 48],
  ['brainpoolP512r1', 'brainpoolP512r1', '1.3.36.3.3.2.8.1.1.13', 64],
] as const;

/** ECPrivateKey (RFC 5915 §3). */
function ecKey(curve: string, id: string, size: number, hex: string): KeyObject {
  const number = Buffer.from(hex.padStart(size * 2, '0').slice(-size * 2), 'hex');
  const half = createECDH(curve);
  half.setPrivateKey(number);
  const point = der(TAG.bitString, Buffer.of(0), half.getPublicKey());
  const key = sequence(
    smallInteger(1),
    octetString(number),
    der(context(0), oid(id)),
    der(context(1), point),
  );
  return createPrivateKey({ key, format: 'der', type: 'sec1' });
}

it.each(CURVES)('ECDH on %s', async (name, curve, id, size) => {
  const unwrappers = new Map<string, Unwrapper>();
  const wrong = await misjudged(await wycheproof(`ecdh_${name}`), (vector) => {
    const hex = vector['private'] ?? '';
    const unwrapper = unwrappers.get(hex) ?? unwrapperOf(ecKey(curve, id, size, hex));
    unwrappers.set(hex, unwrapper);
    return agrees(vector, unwrapper, OID.dhSinglePassStdDhSha256Kdf, (secret) =>
      x963Kdf('sha256', secret, INFO, 32),
    );
  });
  expect(wrong).toEqual([]);
});

it('X25519', async () => {
  const groups = await wycheproof('x25519_asn');
  const wrong = await misjudged(groups, (vector) => {
    let unwrapper: Unwrapper;
    try {
      unwrapper = unwrapperOf(privateKey(vector['private']));
    } catch {
      return false;
    }
    return agrees(vector, unwrapper, OID.dhSinglePassStdDhHkdfSha256, (secret) =>
      hkdfSha256(secret, INFO, 32),
    );
  });
  expect(wrong).toEqual([]);
});

it('AES key wrap', async () => {
  const wrong = await misjudged(await wycheproof('aes_wrap'), ({ key, ct, msg }, { keySize }) => {
    try {
      const wrap = { ...AES_256_WRAP, kekLength: (Number(keySize) / 8) as 16 | 24 | 32 };
      return unwrapWith(wrap, fromHex(key), fromHex(ct)).equals(fromHex(msg));
    } catch {
      return false;
    }
  });
  expect(wrong).toEqual([]);
});

it('HKDF with SHA-256', async () => {
  const wrong = await misjudged(await wycheproof('hkdf_sha256'), ({ ikm, info, salt, size, okm }) => {
    try {
      return hkdfSha256(fromHex(ikm), fromHex(info), Number(size), fromHex(salt)).equals(fromHex(okm));
    } catch {
      return false;
    }
  });
  expect(wrong).toEqual([]);
});
