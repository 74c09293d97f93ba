// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { context, der, octetString, oid, readDer, sequence, TAG } from '../../asn1/der.ts';
import { fieldsOf } from '../../asn1/fields.ts';
import { OID } from '../../asn1/oids.ts';
import type { Certificate } from '../certificate.ts';
import { readSigned, wholeOctets } from '../signed.ts';

/** SHA-1 here only names a certificate, and is the one digest that every responder knows (RFC 5019 §2.1.1). */
const SHA1 = sequence(oid('1.3.14.3.2.26'), der(TAG.null));

/** CertID (RFC 6960 §4.1.1): what a question and its answer call a certificate. */
export function certificateId(certificate: Certificate, issuer: Certificate): Buffer {
  return sequence(
    SHA1,
    octetString(sha1(certificate.issuer)),
    octetString(sha1(publicKeyOf(issuer))),
    certificate.serial,
  );
}

/** OCSPRequest for one certificate (RFC 6960 §4.1.1). @param nonce 32 octets (RFC 8954). */
export function ocspRequest(id: Buffer, nonce: Buffer): Buffer {
  const extension = sequence(oid(OID.ocspNonce), octetString(octetString(nonce)));
  return sequence(sequence(sequence(sequence(id)), der(context(2), sequence(extension))));
}

export const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest();

/** The octets of subjectPublicKey, without its algorithm. */
export function publicKeyOf(certificate: Certificate): Buffer {
  const fields = fieldsOf(readDer(readSigned(certificate.der).tbs));
  fields.optional(context(0));
  fields.take(TAG.integer);
  for (const _ of ['signature', 'issuer', 'validity', 'subject']) fields.take(TAG.sequence);
  const key = fieldsOf(fields.take());
  key.take(TAG.sequence);
  return wholeOctets(key.take(TAG.bitString).content);
}
