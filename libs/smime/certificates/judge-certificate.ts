// SPDX-License-Identifier: Apache-2.0
import type { Certificate, KeyUsage } from './certificate.ts';
import { OID } from '../asn1/oids.ts';

/** Why a certificate is not used; the names are those of the events. */
export type CertificateFault =
  'certificate-expired' | 'certificate-not-yet-valid' | 'certificate-untrusted' | 'certificate-unsuitable';

export interface Question {
  at: Date;
  /** Whom the tenant trusts: authorities, or single certificates. Nobody is trusted otherwise. */
  trustAnchors: readonly Certificate[];
  /** Authorities that may stand between; they prove nothing by themselves. */
  intermediates?: readonly Certificate[] | undefined;
  purpose: 'encrypt' | 'sign';
  /** The certificate must name this mailbox; ASCII case does not count. */
  address?: string | undefined;
  /** The certificate must name this domain: a dNSName, or any mailbox in it (RFC 3183 §4 uses such a one). */
  domain?: string | undefined;
}

/** `detail` is a sentence for an administrator; it names no person. */
export type Judgement = { ok: true } | { ok: false; because: CertificateFault; detail: string };

/**
 * Judges whether a certificate may be used for mail at that time: validity, key and purpose, name, and a path of
 * signatures to a trust anchor (RFC 5280 §6, without policies and name constraints: an authority with a critical
 * extension not known here is not followed). Where several things are wrong, the first in that order is told.
 *
 * Does not ask whether it was revoked.
 */
export function judgeCertificate(certificate: Certificate, question: Question): Judgement {
  return (
    judgeValidity(certificate, question.at) ??
    judgeUse(certificate, question.purpose) ??
    judgeName(certificate, question) ??
    judgePath(certificate, question) ?? { ok: true }
  );
}

const fault = (because: CertificateFault, detail: string): Judgement => ({ ok: false, because, detail });

function judgeValidity({ notBefore, notAfter }: Certificate, at: Date): Judgement | null {
  // Written so that a date that is none (NaN) fails too.
  if (!(at >= notBefore)) {
    return fault('certificate-not-yet-valid', `it is valid from ${notBefore.toISOString()} on`);
  }
  if (!(at <= notAfter)) return fault('certificate-expired', `it expired on ${notAfter.toISOString()}`);
  return null;
}

const MIN_RSA_BITS = 2048;
const MIN_CURVE_BITS = 256;
const NEEDED_USAGE: Record<Question['purpose'], readonly KeyUsage[]> = {
  encrypt: ['keyEncipherment'],
  sign: ['digitalSignature', 'nonRepudiation'],
};

function judgeUse(certificate: Certificate, purpose: Question['purpose']): Judgement | null {
  const unsuitable = (detail: string) => fault('certificate-unsuitable', detail);
  const { key, keyUsage, authority } = certificate;
  if (authority !== null) return unsuitable('it is the certificate of an authority, not of a mailbox');
  if (key.type === 'rsa' ? key.bits < MIN_RSA_BITS : key.type !== 'ec' || key.bits < MIN_CURVE_BITS) {
    return unsuitable(`its key (${key.type}, ${key.bits} bits) is too weak or of a kind not used here`);
  }
  if (purpose === 'encrypt' && key.type !== 'rsa') {
    return unsuitable('only RSA keys can be encrypted for here');
  }
  if (keyUsage !== null && !NEEDED_USAGE[purpose].some((usage) => keyUsage.has(usage))) {
    return unsuitable(`its keyUsage does not allow to ${purpose}`);
  }
  if (!allowsEmail(certificate)) return unsuitable('its extendedKeyUsage does not allow email');
  const unknown = unknownCritical(certificate);
  if (unknown !== undefined) return unsuitable(`its critical extension ${unknown} is not known here`);
  return null;
}

const allowsEmail = ({ extendedKeyUsage }: Certificate) =>
  extendedKeyUsage === null ||
  extendedKeyUsage.includes(OID.emailProtection) ||
  extendedKeyUsage.includes(OID.anyExtendedKeyUsage);

const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.certificatePolicies,
  OID.extendedKeyUsage,
]);

const unknownCritical = ({ criticalExtensions }: Certificate) =>
  criticalExtensions.find((id) => !KNOWN_EXTENSIONS.has(id));

const lowered = (text: string) => text.toLowerCase();

function judgeName({ emails, domains }: Certificate, { address, domain }: Question): Judgement | null {
  const mailboxes = emails.map(lowered);
  if (address !== undefined && !mailboxes.includes(lowered(address))) {
    return fault('certificate-unsuitable', 'it does not name the mailbox it is to be used for');
  }
  if (
    domain !== undefined &&
    !domains.includes(lowered(domain)) &&
    !mailboxes.some((mailbox) => mailbox.endsWith(`@${lowered(domain)}`))
  ) {
    return fault('certificate-unsuitable', 'it does not name the domain it is to be used for');
  }
  return null;
}

/** Signature algorithms without SHA-1 or MD5: RSA, RSA-PSS and ECDSA with SHA-2, EdDSA. */
const SOUND_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  `${OID.rsassaPss}/2.16.840.1.101.3.4.2.1`,
  `${OID.rsassaPss}/2.16.840.1.101.3.4.2.2`,
  `${OID.rsassaPss}/2.16.840.1.101.3.4.2.3`,
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
  '1.3.101.113',
]);
/** Authorities between a certificate and its anchor; also what ends a search that goes in circles. */
const MAX_INTERMEDIATES = 4;

function judgePath(certificate: Certificate, question: Question): Judgement | null {
  const anchors = new Set(question.trustAnchors.map(({ sha256 }) => sha256));
  const authorities = [...question.trustAnchors, ...(question.intermediates ?? [])];
  const reaches = (subject: Certificate, below: number): boolean =>
    anchors.has(subject.sha256) ||
    (SOUND_SIGNATURES.has(subject.signatureAlgorithm) &&
      below <= MAX_INTERMEDIATES &&
      authorities.some(
        (issuer) =>
          mayIssue(issuer, below, question.at) && issued(issuer, subject) && reaches(issuer, below + 1),
      ));
  return reaches(certificate, 0)
    ? null
    : fault('certificate-untrusted', 'no valid path leads from it to an authority that is trusted');
}

/** @param below how many authorities stand between this one and the certificate in question. */
function mayIssue(issuer: Certificate, below: number, at: Date): boolean {
  const { authority, keyUsage } = issuer;
  return (
    authority !== null &&
    (authority.pathLength === null || authority.pathLength >= below) &&
    (keyUsage === null || keyUsage.has('keyCertSign')) &&
    allowsEmail(issuer) &&
    unknownCritical(issuer) === undefined &&
    judgeValidity(issuer, at) === null
  );
}

const issued = (issuer: Certificate, subject: Certificate): boolean =>
  subject.x509.checkIssued(issuer.x509) && subject.x509.verify(issuer.x509.publicKey);
