// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { context, contextPrimitive, DerError, TAG, type DerValue } from '../asn1/der.ts';
import { fieldsOf } from '../asn1/fields.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { nameText } from '../certificates/names/name-text.ts';
import { remembered } from '../certificates/remembered.ts';

/** What CMS calls a certificate, as text that can be a key: of two thousand recipients, one of a thousand is sought. */
export type CertificateName = string;

const byNumber = (issuer: Buffer, serial: Buffer): CertificateName =>
  `${issuer.toString('base64')} ${serial.toString('base64')}`;
const byKey = (octets: Buffer): CertificateName => octets.toString('base64');

/** All that a certificate can be called. */
export const namesOf = remembered(
  ({ issuer, serial, subjectKeyIdentifier }: Certificate): readonly CertificateName[] => [
    byNumber(issuer, serial),
    ...(subjectKeyIdentifier === null ? [] : [byKey(subjectKeyIdentifier)]),
  ],
);

/** A certificate as a message calls it, for people who compare it with what their program shows. Hexadecimal, upper case. */
export type NamedCertificate =
  { readonly serialNumber: string; readonly issuer: string } | { readonly keyIdentifier: string };

export function namedCertificate(name: CertificateName): NamedCertificate {
  const [first = NOTHING, serial] = name.split(' ').map((part) => Buffer.from(part, 'base64'));
  if (serial === undefined) return { keyIdentifier: hex(first).slice(0, 80) };
  // Of the INTEGER its value alone; a serial number has 20 octets at most (RFC 5280 §4.1.2.2).
  return { serialNumber: hex(serial.subarray(2)).slice(0, 80), issuer: nameText(first) };
}

/** Whether a message calls that certificate so. */
export const isNamed = (certificate: Certificate, name: NamedCertificate): boolean =>
  namesOf(certificate).some((each) => isDeepStrictEqual(namedCertificate(each), name));

const NOTHING = Buffer.alloc(0);
const hex = (octets: Buffer) => octets.toString('hex').toUpperCase();

/**
 * RecipientIdentifier, KeyAgreeRecipientIdentifier or SignerIdentifier (RFC 5652 §5.3, §6.2): issuerAndSerialNumber,
 * or the key identifier in `[0]`, which for key agreement is the first field of a RecipientKeyIdentifier.
 *
 * @throws DerError
 */
export function nameIn(identifier: DerValue): CertificateName {
  switch (identifier.tag) {
    case TAG.sequence: {
      const fields = fieldsOf(identifier);
      return byNumber(fields.take().bytes, fields.take(TAG.integer).bytes);
    }
    case contextPrimitive(0):
      return byKey(identifier.content);
    case context(0):
      return byKey(fieldsOf(identifier, context(0)).take(TAG.octetString).content);
    default:
      throw new DerError('a certificate is named in a way not known here');
  }
}

/**
 * SMIMEEncryptionKeyPreference (RFC 8551 §2.5.3): IssuerAndSerialNumber in `[0]`, RecipientKeyIdentifier in `[1]`, or a key
 * identifier in `[2]`.
 *
 * @throws DerError
 */
export function nameInPreference(preference: DerValue): CertificateName {
  switch (preference.tag) {
    case context(0): {
      const fields = fieldsOf(preference, context(0));
      return byNumber(fields.take().bytes, fields.take(TAG.integer).bytes);
    }
    case context(1):
      return byKey(fieldsOf(preference, context(1)).take(TAG.octetString).content);
    case contextPrimitive(2):
      return byKey(preference.content);
    default:
      throw new DerError('a certificate is preferred in a way not known here');
  }
}
