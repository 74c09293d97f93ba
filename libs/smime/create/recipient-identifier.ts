// SPDX-License-Identifier: Apache-2.0
import { contextPrimitive, der, sequence } from '../asn1/der.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { UnsuitableCertificateError } from '../errors.ts';

/**
 * How a message names the certificate it is encrypted for. Issuer and serial number is what every program finds; the
 * key identifier stays true when the certificate is renewed with the same key.
 */
export type IdentifiedBy = 'issuer-and-serial-number' | 'subject-key-identifier';

/** RFC 5652 §10.2.4. */
export const issuerAndSerialNumber = ({ issuer, serial }: Certificate) => sequence(issuer, serial);

/** @throws UnsuitableCertificateError where the certificate has no such extension. */
export function subjectKeyIdentifier({ subjectKeyIdentifier: octets }: Certificate): Buffer {
  if (octets === null) {
    throw new UnsuitableCertificateError('it has no subjectKeyIdentifier to be named by');
  }
  return octets;
}

/** RecipientIdentifier (RFC 5652 §6.2.1), as key transport and key encapsulation have it. */
export const recipientIdentifier = (certificate: Certificate, by: IdentifiedBy): Buffer =>
  by === 'issuer-and-serial-number'
    ? issuerAndSerialNumber(certificate)
    : der(contextPrimitive(0), subjectKeyIdentifier(certificate));
