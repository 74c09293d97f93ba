// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, KeyObject, sign as signWith } from 'node:crypto';
import { promisify } from 'node:util';
import type { Certificate } from '../certificates/certificate.ts';
import {
  cryptographicFailure,
  KeyMismatchError,
  UnreadableKeyError,
  UnsuitableCertificateError,
} from '../errors.ts';

/** How the signature over the signed attributes is made; both with SHA-256. */
export type SignatureAlgorithm = 'rsassa-pkcs1-v1_5-sha256' | 'ecdsa-sha256';

/** Who signs. The key may lie in this process, in a token, or at the other end of a wire. */
export interface Signer {
  readonly certificate: Certificate;
  /** Intermediate authorities that a reader needs, in any order; a root may be left out. */
  readonly chain: readonly Certificate[];
  readonly algorithm: SignatureAlgorithm;
  /**
   * Signs `bytes` (the DER of the signed attributes, some hundred octets), hashing included.
   *
   * @returns the signature as CMS has it: RSA octets, or the DER of an ECDSA-Sig-Value.
   */
  sign(bytes: Buffer): Promise<Buffer>;
}

const ALGORITHMS: Record<string, SignatureAlgorithm> = {
  rsa: 'rsassa-pkcs1-v1_5-sha256',
  ec: 'ecdsa-sha256',
};

const signAsync = promisify<string, Buffer, KeyObject, Buffer>(signWith);

/**
 * A signer whose RSA or EC key is in this process's memory.
 *
 * @param from.key an unencrypted PEM, or a KeyObject.
 * @throws UnreadableKeyError, KeyMismatchError where the key is not the certificate's, or
 *   UnsuitableCertificateError where it is neither RSA nor EC.
 */
export function softwareSigner(from: {
  key: KeyObject | string;
  certificate: Certificate;
  chain?: readonly Certificate[];
}): Signer {
  const { certificate, chain = [] } = from;
  const key = typeof from.key === 'string' ? readKey(from.key) : from.key;
  const algorithm = ALGORITHMS[certificate.key.type];
  if (algorithm === undefined) {
    throw new UnsuitableCertificateError('only RSA and EC keys sign here');
  }
  if (!certificate.x509.checkPrivateKey(key)) {
    throw new KeyMismatchError('the private key does not belong to the certificate');
  }
  return {
    certificate,
    chain,
    algorithm,
    sign: (bytes) =>
      signAsync('sha256', bytes, key).catch((error: unknown) => {
        throw cryptographicFailure('signing', error);
      }),
  };
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Without its cause: OpenSSL's error might quote the input.
    throw new UnreadableKeyError('the private key is no unencrypted PEM');
  }
}
