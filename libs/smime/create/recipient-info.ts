// SPDX-License-Identifier: Apache-2.0
import { keyEncryptionsFor, type KeyEncryption } from '../algorithms/key-encryption.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { cryptographicFailure, UnsuitableCertificateError } from '../errors.ts';
import { keyAgreeRecipientInfo } from './key-agreement.ts';
import { kemRecipientInfo } from './key-encapsulation.ts';
import { keyTransRecipientInfo } from './key-transport.ts';
import type { IdentifiedBy } from './recipient-identifier.ts';

/** Somebody who will be able to read: a certificate, and how the content key reaches him. */
export interface EncryptionRecipient {
  readonly certificate: Certificate;
  /** One that fits the key. */
  readonly keyEncryption: KeyEncryption;
  /** @default 'issuer-and-serial-number' */
  readonly identifiedBy?: IdentifiedBy | undefined;
}

/** @throws BelowPolicyFloorError, or UnsuitableCertificateError where the key is not of that kind. */
export function checkRecipient({ certificate, keyEncryption }: EncryptionRecipient): void {
  if (!keyEncryptionsFor(certificate).includes(keyEncryption)) {
    throw new UnsuitableCertificateError(
      `the content key cannot reach a key of the kind ${certificate.key.type} by ${keyEncryption}`,
    );
  }
}

/** Whether the RecipientInfo has version 0, which the version of an EnvelopedData depends on (RFC 5652 §6.1). */
export const isVersion0 = ({
  keyEncryption,
  identifiedBy = 'issuer-and-serial-number',
}: EncryptionRecipient) => keyEncryption.startsWith('rsaes-') && identifiedBy === 'issuer-and-serial-number';

/** Whether it is an OtherRecipientInfo (RFC 5652 §6.2.5). */
export const isOther = ({ keyEncryption }: EncryptionRecipient) => keyEncryption.startsWith('ml-kem-');

/** The RecipientInfo (RFC 5652 §6.2) that holds the content key for one recipient. @throws CryptographicOperationError */
export function recipientInfo(recipient: EncryptionRecipient, contentKey: Buffer): Buffer {
  checkRecipient(recipient);
  const { certificate, keyEncryption, identifiedBy: by = 'issuer-and-serial-number' } = recipient;
  try {
    switch (keyEncryption) {
      case 'rsaes-pkcs1-v1_5':
      case 'rsaes-oaep-sha256':
        return keyTransRecipientInfo(certificate, keyEncryption, by, contentKey);
      case 'ecdh-sha256':
      case 'ecdh-sha384':
      case 'ecdh-sha512':
      case 'x25519-hkdf-sha256':
        return keyAgreeRecipientInfo(certificate, keyEncryption, by, contentKey);
      case 'ml-kem-512':
      case 'ml-kem-768':
      case 'ml-kem-1024':
        return kemRecipientInfo(certificate, keyEncryption, by, contentKey);
    }
  } catch (error) {
    if (error instanceof UnsuitableCertificateError) throw error;
    throw cryptographicFailure('wrapping the content key', error);
  }
}
