// SPDX-License-Identifier: Apache-2.0
import { constants, verify, type KeyObject } from 'node:crypto';
import type { AlgorithmIdentifier } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import type { ReadDigest } from './digest-names.ts';
import { pssParameters } from './rsa-parameters.ts';

/** With the digest that they are bound to; null where that of the SignerInfo counts (RFC 5754 §3.2). */
const PKCS1: Readonly<Partial<Record<string, ReadDigest | null>>> = {
  [OID.rsaEncryption]: null,
  [OID.md5WithRsa]: 'md5',
  [OID.sha1WithRsa]: 'sha1',
  [OID.sha256WithRsa]: 'sha256',
  [OID.sha384WithRsa]: 'sha384',
  [OID.sha512WithRsa]: 'sha512',
};
const ECDSA: Readonly<Partial<Record<string, ReadDigest | null>>> = {
  [OID.ecPublicKey]: null,
  [OID.ecdsaWithSha1]: 'sha1',
  [OID.ecdsaWithSha256]: 'sha256',
  [OID.ecdsaWithSha384]: 'sha384',
  [OID.ecdsaWithSha512]: 'sha512',
};

export interface SignatureVerification {
  readonly name: 'rsassa-pkcs1-v1_5' | 'rsassa-pss' | 'ecdsa' | 'ed25519';
  /** The digest it demands of the SignerInfo; null where any will do. */
  readonly digest: ReadDigest | null;
  /** The kinds of keys that sign so. Another key is never tried: its signature would mean something else. */
  readonly keyTypes: readonly string[];
  verifies(key: KeyObject, digest: ReadDigest, bytes: Buffer, signature: Buffer): boolean;
}

/** @returns null for one that is not known here. @throws DerError for parameters that are none. */
export function signatureVerification(algorithm: AlgorithmIdentifier): SignatureVerification | null {
  const { id } = algorithm;
  const pkcs1 = PKCS1[id];
  if (pkcs1 !== undefined) {
    // What Node does with a key of this kind by default.
    return verification('rsassa-pkcs1-v1_5', pkcs1, ['rsa'], null);
  }
  const ecdsa = ECDSA[id];
  if (ecdsa !== undefined) return verification('ecdsa', ecdsa, ['ec'], null);
  if (id === OID.rsassaPss) {
    const { hash, saltLength } = pssParameters(algorithm);
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return verification('rsassa-pss', hash, ['rsa', 'rsa-pss'], { padding, saltLength });
  }
  if (id !== OID.ed25519) return null;
  // RFC 8419 §3: the message digest must be SHA-512.
  return { ...verification('ed25519', 'sha512', ['ed25519'], null), verifies: verifiesEd25519 };
}

const verification = (
  name: SignatureVerification['name'],
  digest: ReadDigest | null,
  keyTypes: readonly string[],
  options: { padding: number; saltLength: number } | null,
): SignatureVerification => ({
  name,
  digest,
  keyTypes,
  verifies: (key, hash, bytes, signature) =>
    withoutThrowing(() => verify(hash, bytes, options === null ? key : { key, ...options }, signature)),
});

const verifiesEd25519: SignatureVerification['verifies'] = (key, _digest, bytes, signature) =>
  withoutThrowing(() => verify(null, bytes, key, signature));

/** OpenSSL throws over a signature that has not even the form of one. */
function withoutThrowing(verifies: () => boolean): boolean {
  try {
    return verifies();
  } catch {
    return false;
  }
}
