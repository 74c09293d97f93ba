// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import {
  context,
  contextPrimitive,
  der,
  octetString,
  sequence,
  smallInteger,
  TAG,
  time,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { certificateOf, type Certificate } from '../certificates/certificate.ts';
import { extension, extensionsFor, extensionsOfAuthority, nameOf, type Holder } from './holder.ts';
import { publicKeyInfo, signatureAlgorithmOf, signedBy } from './key-pair.ts';

export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

/** An authority of one's own, and its key. */
export interface Authority {
  certificate: Certificate;
  key: KeyObject;
}

/** A certificate that signs itself, for an authority without others below it. No lists, no responder. */
export function issueAuthority(key: KeyObject, commonName: string, validity: Validity): Certificate {
  const name = nameOf(commonName);
  return issue({ key, name }, { key, name, validity, extensions: extensionsOfAuthority() });
}

/** An S/MIME certificate (RFC 8550) for a mailbox or for all mail to a domain. @param key of which the public half counts. */
export function issueCertificate(
  authority: Authority,
  key: KeyObject,
  holder: Holder,
  validity: Validity,
): Certificate {
  return issue(
    { key: authority.key, name: authority.certificate.subject },
    { key, name: nameOf(holder.commonName), validity, extensions: extensionsFor(holder, key) },
  );
}

interface Subject {
  key: KeyObject;
  /** DER of a Name. */
  name: Buffer;
}

function issue(
  issuer: Subject,
  subject: Subject & { validity: Validity; extensions: readonly Buffer[] },
): Certificate {
  const { notBefore, notAfter } = subject.validity;
  const algorithm = signatureAlgorithmOf(issuer.key);
  const signed = sequence(
    der(context(0), smallInteger(2)),
    // Positive, and without a leading zero (RFC 5280 §4.1.2.2).
    der(TAG.integer, Buffer.of(0x40), randomBytes(15)),
    algorithm,
    issuer.name,
    sequence(time(notBefore), time(notAfter)),
    subject.name,
    publicKeyInfo(subject.key),
    der(
      context(3),
      sequence(
        ...subject.extensions,
        extension(OID.subjectKeyIdentifier, octetString(keyIdentifierOf(subject.key))),
        extension(
          OID.authorityKeyIdentifier,
          sequence(der(contextPrimitive(0), keyIdentifierOf(issuer.key))),
        ),
      ),
    ),
  );
  return certificateOf(signedBy(issuer.key, algorithm, signed));
}

/** The leftmost 160 bits of the SHA-256 of the key (RFC 7093 §2, method 4): of all of its SubjectPublicKeyInfo. */
const keyIdentifierOf = (key: KeyObject): Buffer =>
  createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20);
