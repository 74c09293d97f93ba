// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { der, NULL, oid, sequence, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { UnsuitableCertificateError } from '../errors.ts';

/** Kinds of keys that are made here: what mail programs read, and what BSI TR-02102 and NIST SP 800-57 want until 2030 and after. */
export const NEW_KEYS = ['rsa-3072', 'p-256'] as const;
export type NewKey = (typeof NEW_KEYS)[number];

/** Makes a private key; of RSA in about a second, beside the main thread. */
export async function newPrivateKey(kind: NewKey): Promise<KeyObject> {
  const pair =
    kind === 'p-256'
      ? await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
      : await promisify(generateKeyPair)('rsa', { modulusLength: 3_072 });
  return pair.privateKey;
}

/** The DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export const publicKeyInfo = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ type: 'spki', format: 'der' });

/** `SEQUENCE { signed, algorithm, signature }`, as certificates and requests have it: by SHA-256, with RSA or ECDSA. */
export function signedBy(key: KeyObject, algorithm: Buffer, signed: Buffer): Buffer {
  const signature = sign('sha256', signed, key);
  return sequence(signed, algorithm, der(TAG.bitString, Buffer.of(0), signature));
}

/** The AlgorithmIdentifier that {@link signedBy} signs by. @throws UnsuitableCertificateError for other kinds of keys */
export function signatureAlgorithmOf(key: KeyObject): Buffer {
  // RFC 4055 §5 wants NULL with RSA, RFC 5758 §3.2 nothing with ECDSA.
  if (key.asymmetricKeyType === 'rsa') return sequence(oid(OID.sha256WithRsa), NULL);
  if (key.asymmetricKeyType === 'ec') return sequence(oid(OID.ecdsaWithSha256));
  throw new UnsuitableCertificateError('only RSA keys and keys on curves sign certificates here');
}
