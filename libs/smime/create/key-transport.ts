// SPDX-License-Identifier: Apache-2.0
import { constants, publicEncrypt } from 'node:crypto';
import type { KeyTransport } from '../algorithms/key-encryption.ts';
import { KEY_TRANSPORT_IDENTIFIERS } from '../algorithms/key-encryption-identifiers.ts';
import { octetString, sequence, smallInteger } from '../asn1/der.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { recipientIdentifier, type IdentifiedBy } from './recipient-identifier.ts';

const OPTIONS = {
  'rsaes-pkcs1-v1_5': { padding: constants.RSA_PKCS1_PADDING },
  'rsaes-oaep-sha256': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
} as const;

/** KeyTransRecipientInfo (RFC 5652 §6.2.1): version 0, or 2 where the key identifier names the certificate. */
export function keyTransRecipientInfo(
  certificate: Certificate,
  keyEncryption: KeyTransport,
  by: IdentifiedBy,
  contentKey: Buffer,
): Buffer {
  const encrypted = publicEncrypt({ key: certificate.x509.publicKey, ...OPTIONS[keyEncryption] }, contentKey);
  return sequence(
    smallInteger(by === 'issuer-and-serial-number' ? 0 : 2),
    recipientIdentifier(certificate, by),
    KEY_TRANSPORT_IDENTIFIERS[keyEncryption],
    octetString(encrypted),
  );
}
