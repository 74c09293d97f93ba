// SPDX-License-Identifier: Apache-2.0
import { verify, type KeyObject } from 'node:crypto';
import { keyStrength } from '../algorithms/verifiable-keys.ts';
import { DerError, readDer, TAG } from '../asn1/der.ts';
import { fieldsOf, readAlgorithm, type AlgorithmIdentifier } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import { isWeak } from '../open/digest-names.ts';
import { signatureVerification } from '../open/signature-algorithm.ts';

/** What X.509 calls SIGNED: a certificate, a CRL or an OCSP response. */
export interface Signed {
  /** All of the value that is signed, with its tag and length. */
  readonly tbs: Buffer;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
}

/** Reads `SEQUENCE { tbs, AlgorithmIdentifier, BIT STRING }`. @throws DerError, also for more than that. */
export function readSigned(bytes: Buffer): Signed {
  const value = readDer(bytes);
  if (value.bytes.length !== bytes.length) throw new DerError('there is something behind the value');
  const fields = fieldsOf(value);
  const signed = {
    tbs: fields.take(TAG.sequence).bytes,
    algorithm: readAlgorithm(fields.take()),
    signature: wholeOctets(fields.take(TAG.bitString).content),
  };
  fields.end();
  return signed;
}

/** The octets of a BIT STRING that has nothing but whole ones. @throws DerError */
export function wholeOctets(content: Buffer): Buffer {
  if (content[0] !== 0) throw new DerError('a BIT STRING is not of whole octets');
  return content.subarray(1);
}

export type SignatureVerdict =
  | 'good'
  | 'wrong'
  /** Made with SHA-1 or MD5, or by a key that is too short: not even tried. */
  | 'weak'
  /** Made in a way, or by a kind of key, that is not known here, or by one that takes too long: not tried either. */
  | 'unknown';

/** Whether the key made this signature, and in a way that vouches for anything. Never throws. */
export function verifySigned({ tbs, algorithm, signature }: Signed, key: KeyObject): SignatureVerdict {
  const strength = keyStrength(key);
  if (strength !== 'sound') return strength;
  if (algorithm.id === OID.ed448) return verifiesEd448(key, tbs, signature) ? 'good' : 'wrong';
  const verification = known(algorithm);
  if (verification?.digest == null) return 'unknown';
  if (!verification.keyTypes.includes(key.asymmetricKeyType ?? '')) return 'wrong';
  if (isWeak(verification.digest)) return 'weak';
  return verification.verifies(key, verification.digest, tbs, signature) ? 'good' : 'wrong';
}

function known(algorithm: AlgorithmIdentifier) {
  try {
    return signatureVerification(algorithm);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function verifiesEd448(key: KeyObject, tbs: Buffer, signature: Buffer): boolean {
  return key.asymmetricKeyType === 'ed448' && verify(null, tbs, key, signature);
}
