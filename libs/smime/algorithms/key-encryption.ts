// SPDX-License-Identifier: Apache-2.0
import { remembered } from '../certificates/remembered.ts';
import { UnsuitableCertificateError } from '../errors.ts';
import { checkRsaSize } from './policy-floor.ts';
import { keyStrength } from './verifiable-keys.ts';

/** For RSA keys: RFC 8017 §7.2 and §7.1. */
export type KeyTransport = 'rsaes-pkcs1-v1_5' | 'rsaes-oaep-sha256';
/** For keys on P-256, P-384, P-521 with the KDF of X9.63 (RFC 5753), and for X25519 with HKDF (RFC 8418). */
export type KeyAgreement = 'ecdh-sha256' | 'ecdh-sha384' | 'ecdh-sha512' | 'x25519-hkdf-sha256';
/** RFC 9936. */
export type KeyEncapsulation = 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024';

/** How the content-encryption key reaches a recipient. But for RSA the key itself leaves no choice. */
export type KeyEncryption = KeyTransport | KeyAgreement | KeyEncapsulation;

const CURVES: Partial<Record<string, KeyAgreement>> = {
  prime256v1: 'ecdh-sha256',
  secp384r1: 'ecdh-sha384',
  secp521r1: 'ecdh-sha512',
};

/**
 * How one may encrypt for the key of a certificate, the customary way first.
 *
 * @throws BelowPolicyFloorError for RSA under 2048 bits; UnsuitableCertificateError for keys that only sign, and for
 *   curves not used here.
 */
export const keyEncryptionsFor = remembered(({ key, x509 }): readonly KeyEncryption[] => {
  switch (key.type) {
    case 'rsa':
      checkRsaSize(key.bits);
      if (keyStrength(x509.publicKey) === 'unknown')
        throw new UnsuitableCertificateError('a modulus or an exponent of this size is not worked with');
      return ['rsaes-pkcs1-v1_5', 'rsaes-oaep-sha256'];
    case 'ec': {
      const agreement = CURVES[x509.publicKey.asymmetricKeyDetails?.namedCurve ?? ''];
      if (agreement !== undefined) return [agreement];
      break;
    }
    case 'x25519':
      return ['x25519-hkdf-sha256'];
    case 'ml-kem-512':
    case 'ml-kem-768':
    case 'ml-kem-1024':
      return [key.type];
  }
  throw new UnsuitableCertificateError(
    `nobody can encrypt for a key of this kind (${key.type}) here: RSA, P-256, P-384, P-521, X25519 and ML-KEM are known`,
  );
});
