// SPDX-License-Identifier: Apache-2.0
import * as crypto from 'node:crypto';
import type { Certificate } from '../certificates/certificate.ts';
import { KeyMismatchError } from '../errors.ts';
import { readKey } from './read-key.ts';

/** How a content key was encrypted for an RSA key (RFC 8017 §7). */
export type RsaEncryption =
  | { readonly scheme: 'pkcs1-v1_5' }
  /** With MGF1 over the same hash. */
  | { readonly scheme: 'oaep'; readonly hash: string; readonly label: Buffer };

/**
 * Who unwraps content keys. The private key may lie in this process, in a token, or at the other end of a wire. Each
 * method is one primitive and rejects where the key is of another kind; what it rejects with is told to nobody. Where
 * the key could not be asked at all, it rejects with a KeyUnavailableError, and then never because of what it was given:
 * that error is seen from outside.
 */
export interface Unwrapper {
  readonly certificate: Certificate;
  /**
   * Decrypts with an RSA key. For PKCS#1 v1.5 it should reject implicitly, as OpenSSL 3.2 and later does: random
   * octets instead of an error. Rejecting is as good, as a random key takes the place of a missing one.
   */
  decrypt(ciphertext: Buffer, encryption: RsaEncryption): Promise<Buffer>;
  /** The shared secret Z of ECDH or X25519 with another's public key. */
  agree(publicKey: crypto.KeyObject): Promise<Buffer>;
  /** The shared secret of ML-KEM. */
  decapsulate(ciphertext: Buffer): Promise<Buffer>;
}

/**
 * An unwrapper whose key is in this process's memory: RSA, an elliptic curve, X25519 or, with Node 24, ML-KEM.
 *
 * @param from.key an unencrypted PEM, or a KeyObject.
 * @throws UnreadableKeyError, or KeyMismatchError where the key is not the certificate's.
 */
export function softwareUnwrapper(from: {
  key: crypto.KeyObject | string;
  certificate: Certificate;
}): Unwrapper {
  const { certificate } = from;
  const key = typeof from.key === 'string' ? readKey(from.key) : from.key;
  if (!certificate.x509.checkPrivateKey(key)) {
    throw new KeyMismatchError('the private key does not belong to the certificate');
  }
  const promised = (operate: () => Buffer) =>
    new Promise<Buffer>((resolve) => {
      resolve(operate());
    });
  return {
    certificate,
    decrypt: (ciphertext, encryption) =>
      promised(() => crypto.privateDecrypt({ key, ...optionsOf(encryption) }, ciphertext)),
    agree: (publicKey) => promised(() => crypto.diffieHellman({ privateKey: key, publicKey })),
    // By its module, not by name: Node 22 has no such function, and must still load all the others.
    decapsulate: (ciphertext) => promised(() => crypto.decapsulate(key, ciphertext)),
  };
}

const optionsOf = (encryption: RsaEncryption) =>
  encryption.scheme === 'pkcs1-v1_5'
    ? { padding: crypto.constants.RSA_PKCS1_PADDING }
    : {
        padding: crypto.constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: encryption.hash,
        oaepLabel: encryption.label,
      };
