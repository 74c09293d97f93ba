// SPDX-License-Identifier: Apache-2.0
import { keyEncryptionsFor } from '../algorithms/key-encryption.ts';
import { signatureAlgorithmsFor } from '../algorithms/signable.ts';
import { keyStrength } from '../algorithms/verifiable-keys.ts';
import { UnsuitableCertificateError } from '../errors.ts';
import type { Certificate, KeyUsage } from './certificate.ts';

/** `sign` is also the purpose of a certificate whose signatures are verified. */
export type Purpose = 'encrypt' | 'sign';

/**
 * Why the key of a certificate, or its keyUsage, does not serve a purpose; null where it does. To encrypt, the bit that
 * counts depends on how the key does so: keyEncipherment for RSA (RFC 8550 §4.4.2) and ML-KEM (RFC 9935),
 * keyAgreement for elliptic curves (RFC 5480 §3) and X25519 (RFC 9295 §3).
 */
export function keyUnsuitableFor(purpose: Purpose, certificate: Certificate): string | null {
  const { key, keyUsage } = certificate;
  const keyServes = purpose === 'encrypt' ? canBeEncryptedFor(certificate) : canVouch(certificate);
  if (!keyServes)
    return `its key (${key.type}, ${key.bits} bits) is too weak or of a kind not used to ${purpose}`;
  const needed = purpose === 'encrypt' ? encryptionUsage(key.type) : SIGNING_USAGE;
  return keyUsage === null || needed.some((usage) => keyUsage.has(usage))
    ? null
    : `its keyUsage does not allow to ${purpose}`;
}

const SIGNING_USAGE: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation'];

const encryptionUsage = (keyType: string): readonly KeyUsage[] =>
  keyType === 'ec' || keyType === 'x25519' ? ['keyAgreement'] : ['keyEncipherment'];

const canBeEncryptedFor = (certificate: Certificate) => isKnown(() => keyEncryptionsFor(certificate));

/** On the curves of RFC 5639 signatures are verified, though none are made. */
const canVouch = (certificate: Certificate) =>
  keyStrength(certificate.x509.publicKey) === 'sound' &&
  (certificate.key.type === 'ec' || isKnown(() => signatureAlgorithmsFor(certificate)));

function isKnown(list: () => unknown): boolean {
  try {
    list();
    return true;
  } catch (error) {
    if (error instanceof UnsuitableCertificateError) return false;
    throw error;
  }
}
