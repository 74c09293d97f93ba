// SPDX-License-Identifier: Apache-2.0
import { constants, sign as signWith, type KeyObject, type SignKeyObjectInput } from 'node:crypto';
import { checkSignatureAlgorithm, signatureAlgorithmsFor } from '../algorithms/signable.ts';
import { SIGNATURES, type SignatureAlgorithm } from '../algorithms/signatures.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { cryptographicFailure, KeyMismatchError, UnsuitableCertificateError } from '../errors.ts';
import { readKey } from './read-key.ts';

/** Who signs. The key may lie in this process, in a token, or at the other end of a wire. */
export interface Signer {
  readonly certificate: Certificate;
  /** Intermediate authorities that a reader needs, in any order; a root may be left out. */
  readonly chain: readonly Certificate[];
  readonly algorithm: SignatureAlgorithm;
  /**
   * Signs `bytes` (the DER of the signed attributes, some hundred octets), hashing included. PSS takes MGF1 with the
   * same hash and a salt as long as it.
   *
   * @returns the signature as CMS has it: RSA or Ed25519 octets, or the DER of an ECDSA-Sig-Value.
   * @throws KeyUnavailableError where the key could not be asked, and later it may go.
   */
  sign(bytes: Buffer): Promise<Buffer>;
}

/**
 * A signer whose key is in this process's memory: RSA, id-RSASSA-PSS, P-256, P-384, P-521 or Ed25519.
 *
 * @param from.key an unencrypted PEM, or a KeyObject.
 * @param from.algorithm one that the key allows. Default: the customary one, for RSA PKCS#1 v1.5 with SHA-256.
 * @throws UnreadableKeyError, KeyMismatchError where the key is not the certificate's, or UnsuitableCertificateError
 *   (BelowPolicyFloorError) where it does not sign here, or not in this way.
 */
export function softwareSigner(from: {
  key: KeyObject | string;
  certificate: Certificate;
  chain?: readonly Certificate[];
  algorithm?: SignatureAlgorithm | undefined;
}): Signer {
  const { certificate, chain = [] } = from;
  const key = typeof from.key === 'string' ? readKey(from.key) : from.key;
  const [customary] = signatureAlgorithmsFor(certificate);
  const { algorithm = customary } = from;
  if (algorithm === undefined) throw new UnsuitableCertificateError('its key does not sign here');
  checkSignatureAlgorithm(certificate, algorithm);
  if (!certificate.x509.checkPrivateKey(key)) {
    throw new KeyMismatchError('the private key does not belong to the certificate');
  }
  const { digest, input } = primitive(algorithm, key);
  const signed = (bytes: Buffer) => {
    try {
      return signWith(digest, bytes, input);
    } catch (error) {
      throw cryptographicFailure('signing', error);
    }
  };
  return {
    certificate,
    chain,
    algorithm,
    sign: (bytes) =>
      new Promise((resolve) => {
        resolve(signed(bytes));
      }),
  };
}

/** What `crypto.sign` is told. Ed25519 takes no digest: it hashes by itself. */
function primitive(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
): { digest: string | null; input: KeyObject | SignKeyObjectInput } {
  const { digest } = SIGNATURES[algorithm];
  if (algorithm === 'ed25519') return { digest: null, input: key };
  if (!algorithm.startsWith('rsassa-pss-')) return { digest, input: key };
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return { digest, input: { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } };
}
