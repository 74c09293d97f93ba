// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject } from 'node:crypto';
import { eccCmsSharedInfo, hkdfSha256, kemOtherInfo, x963Kdf } from '../algorithms/key-derivation.ts';
import { unwrapKey as unwrapWith, type KeyWrap } from '../algorithms/key-wrap.ts';
import { children, context, DerError, sequence, TAG, type DerValue } from '../asn1/der.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import { keyAlgorithm } from '../certificates/key-algorithm.ts';
import type { Unwrapper } from '../keys/unwrapper.ts';
import type { EncryptedKey } from './recipient-infos.ts';
import { oaepParameters } from './rsa-parameters.ts';

const KEK_LENGTHS: Readonly<Partial<Record<string, KeyWrap['kekLength']>>> = {
  [OID.aes128Wrap]: 16,
  [OID.aes192Wrap]: 24,
  [OID.aes256Wrap]: 32,
};
const KEMS: Readonly<Partial<Record<string, string>>> = {
  [OID.mlKem512]: 'ml-kem-512',
  [OID.mlKem768]: 'ml-kem-768',
  [OID.mlKem1024]: 'ml-kem-1024',
};
/** The digest of the KDF of X9.63 (RFC 5753 §7.1.4). SHA-1 is sound in a KDF, and what OpenSSL takes by default. */
const KDF_DIGESTS: Readonly<Partial<Record<string, string>>> = {
  [OID.dhSinglePassStdDhSha1Kdf]: 'sha1',
  [OID.dhSinglePassStdDhSha256Kdf]: 'sha256',
  [OID.dhSinglePassStdDhSha384Kdf]: 'sha384',
  [OID.dhSinglePassStdDhSha512Kdf]: 'sha512',
  [OID.dhSinglePassCofactorDhSha1Kdf]: 'sha1',
  [OID.dhSinglePassCofactorDhSha256Kdf]: 'sha256',
  [OID.dhSinglePassCofactorDhSha384Kdf]: 'sha384',
  [OID.dhSinglePassCofactorDhSha512Kdf]: 'sha512',
};

/** How a content key was encrypted, for people; null where that is not read here. */
export function keyEncryptionName(key: EncryptedKey): string | null {
  switch (key.kind) {
    case 'transport':
      if (key.algorithm.id === OID.rsaEncryption) return 'rsaes-pkcs1-v1_5';
      return hasOaepParameters(key.algorithm) ? 'rsaes-oaep' : null;
    case 'agreement': {
      if (key.algorithm.id === OID.dhSinglePassStdDhHkdfSha256) return 'x25519-hkdf-sha256';
      const digest = KDF_DIGESTS[key.algorithm.id];
      return digest === undefined ? null : `ecdh-${digest}`;
    }
    case 'encapsulation':
      return KEMS[key.kem.id] ?? null;
  }
}

/**
 * Rejects in whatever way, also where something is not known here: the caller must not look at how, but for a
 * KeyUnavailableError, which has nothing to do with what was to be unwrapped.
 */
export async function unwrapKey(key: EncryptedKey, unwrapper: Unwrapper): Promise<Buffer> {
  switch (key.kind) {
    case 'transport':
      return await unwrapper.decrypt(
        key.encryptedKey,
        key.algorithm.id === OID.rsaEncryption ? { scheme: 'pkcs1-v1_5' } : oaepParameters(key.algorithm),
      );
    case 'agreement': {
      const wrap = keyWrap(readAlgorithm(present(key.algorithm.parameters)));
      const secret = await unwrapper.agree(originatorKey(key.originator, unwrapper));
      return unwrapWith(wrap, agreedKek(key.algorithm, secret, wrap, key.ukm), key.encryptedKey);
    }
    case 'encapsulation': {
      const wrap = keyWrap(key.wrap);
      if (key.kdf.id !== OID.hkdfWithSha256 || key.kekLength !== wrap.kekLength)
        throw new DerError('another KDF');
      const secret = await unwrapper.decapsulate(key.ciphertext);
      const kek = hkdfSha256(secret, kemOtherInfo(wrap, key.ukm), wrap.kekLength);
      return unwrapWith(wrap, kek, key.encryptedKey);
    }
  }
}

function hasOaepParameters(algorithm: AlgorithmIdentifier): boolean {
  try {
    return oaepParameters(algorithm).scheme === 'oaep';
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new DerError('a field is missing');
  return value;
}

const keyWrap = ({ id, bytes }: AlgorithmIdentifier): KeyWrap => ({
  kekLength: present(KEK_LENGTHS[id]),
  identifier: bytes,
});

function agreedKek({ id }: AlgorithmIdentifier, secret: Buffer, wrap: KeyWrap, ukm: Buffer | null): Buffer {
  const info = eccCmsSharedInfo(wrap, ukm);
  if (id === OID.dhSinglePassStdDhHkdfSha256) {
    return hkdfSha256(secret, info, wrap.kekLength, ukm ?? Buffer.alloc(0));
  }
  return x963Kdf(present(KDF_DIGESTS[id]), secret, info, wrap.kekLength);
}

/**
 * OriginatorPublicKey (RFC 5652 §6.2.2). Its curve may be left out, also as NULL (RFC 5753 §3.1.1), and can be no
 * other than the recipient's; so the recipient's AlgorithmIdentifier is taken. OpenSSL refuses a point that is not on
 * the curve.
 */
function originatorKey(originator: DerValue, { certificate }: Unwrapper): KeyObject {
  const [algorithm, point] = originator.tag === context(1) ? children(originator) : [];
  const own = keyAlgorithm(certificate);
  const { id, parameters } = readAlgorithm(present(algorithm));
  const sameCurve =
    parameters === null || parameters.tag === TAG.null || own.parameters?.bytes.equals(parameters.bytes);
  if (id !== own.id || sameCurve !== true || point?.tag !== TAG.bitString) {
    throw new DerError('the originator has another kind of key');
  }
  // As PEM, since Node 24 takes longer to find out that an object is no KeyObject than OpenSSL to read a key.
  const spki = sequence(own.bytes, point.bytes).toString('base64');
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`);
}
