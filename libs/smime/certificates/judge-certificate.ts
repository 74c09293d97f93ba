// SPDX-License-Identifier: Apache-2.0
import { OID } from '../asn1/oids.ts';
import { allowsPurpose } from './allows-purpose.ts';
import type { Certificate } from './certificate.ts';
import { keyUnsuitableFor, type Purpose } from './key-suits.ts';
import { asciiDomain, readMailbox } from './names/mailbox.ts';
import { findPath } from './path/find-path.ts';
import { PATH_FAULTS } from './path/path-fault.ts';
import { judgeValidity, unknownCritical } from './path/validate-path.ts';
import type { PolicyInputs } from './path/policy-rules.ts';

/** Why a certificate is not used; the names are those of the events. */
export type CertificateFault =
  'certificate-expired' | 'certificate-not-yet-valid' | 'certificate-untrusted' | 'certificate-unsuitable';

export interface Question extends PolicyInputs {
  /** Any moment of the past will do, for instance when a message was signed. */
  at: Date;
  /** Whom the tenant trusts: authorities, or single certificates. Nobody is trusted otherwise. */
  trustAnchors: readonly Certificate[];
  /** Authorities that may stand between; they prove nothing by themselves. */
  intermediates?: readonly Certificate[] | undefined;
  purpose: Purpose;
  /** The certificate must name this mailbox (RFC 8550 §3, RFC 9598): see `sameMailbox`. */
  address?: string | undefined;
  /** The certificate must name this domain: a dNSName, or any mailbox in it (RFC 3183 §4 uses such a one). */
  domain?: string | undefined;
  /** The certificate must be that of whoever speaks for this domain: see `namesOrganisation`. */
  organisation?: string | undefined;
}

/** `detail` is a sentence for an administrator; it names no person. */
export type Judgement =
  | {
      ok: true;
      /** From the trust anchor to the certificate. */
      path: readonly Certificate[];
    }
  | { ok: false; because: CertificateFault; detail: string };

/**
 * Judges whether a certificate may be used for mail at that time: validity, key and purpose, name, and a path of
 * signatures to a trust anchor (RFC 5280 §6). Where several things are wrong, the first in that order is told.
 *
 * Does not ask whether it was revoked: see `revocationChecker`, which takes the path.
 */
export function judgeCertificate(certificate: Certificate, question: Question): Judgement {
  return (
    judgeTime(certificate, question.at) ??
    judgeUse(certificate, question.purpose) ??
    judgeName(certificate, question) ??
    judgePath(certificate, question)
  );
}

const fault = (because: CertificateFault, detail: string): Judgement => ({ ok: false, because, detail });
const unsuitable = (detail: string) => fault('certificate-unsuitable', detail);

function judgeTime(certificate: Certificate, at: Date): Judgement | null {
  switch (judgeValidity(certificate, at)) {
    case 'not-yet-valid':
      return fault('certificate-not-yet-valid', `it is valid from ${certificate.notBefore.toISOString()} on`);
    case 'expired':
      return fault('certificate-expired', `it expired on ${certificate.notAfter.toISOString()}`);
    case null:
      return null;
  }
}

function judgeUse(certificate: Certificate, purpose: Purpose): Judgement | null {
  if (certificate.authority !== null)
    return unsuitable('it is the certificate of an authority, not of a mailbox');
  const unsuited = keyUnsuitableFor(purpose, certificate);
  if (unsuited !== null) return unsuitable(unsuited);
  if (!allowsPurpose(certificate, OID.emailProtection))
    return unsuitable('its extendedKeyUsage does not allow email');
  const unknown = unknownCritical(certificate);
  if (unknown !== undefined) return unsuitable(`its critical extension ${unknown} is not known here`);
  return null;
}

function judgeName(certificate: Certificate, { address, domain, organisation }: Question): Judgement | null {
  const { emails, domains } = certificate;
  const mailboxes = emails.map(readMailbox).filter((mailbox) => mailbox !== null);
  if (address !== undefined) {
    const wanted = readMailbox(address);
    if (!mailboxes.some((each) => each.local === wanted?.local && each.domain === wanted.domain)) {
      return unsuitable('it does not name the mailbox it is to be used for');
    }
  }
  if (domain !== undefined) {
    const wanted = asciiDomain(domain);
    const named = [...domains.map(asciiDomain), ...mailboxes.map((mailbox) => mailbox.domain)];
    if (wanted === null || !named.includes(wanted)) {
      return unsuitable('it does not name the domain it is to be used for');
    }
  }
  if (organisation !== undefined && !namesOrganisation(certificate, organisation))
    return unsuitable('it names at most mailboxes of the domain, and not the domain itself');
  return null;
}

/** RFC 3183 §4: the mailboxes in the certificates of those who sign and read for a whole domain. */
const AUTHORITIES = /^domain-(?:signing|confidentiality)-authority$/;

/**
 * Whether a certificate is that of whoever speaks for a whole domain: it has the domain as a dNSName, or a mailbox of such
 * an authority (RFC 3183 §4). Any other mailbox in the domain may be that of any person in it.
 */
export function namesOrganisation(
  { emails, domains }: Pick<Certificate, 'emails' | 'domains'>,
  domain: string,
): boolean {
  const wanted = asciiDomain(domain);
  if (wanted === null) return false;
  const ofAuthority = (email: string) => {
    const mailbox = readMailbox(email);
    return mailbox?.domain === wanted && AUTHORITIES.test(mailbox.local);
  };
  return domains.some((each) => asciiDomain(each) === wanted) || emails.some(ofAuthority);
}

function judgePath(certificate: Certificate, question: Question): Judgement {
  const found = findPath(certificate, { ...question, keyPurpose: OID.emailProtection });
  if (found.ok) return { ok: true, path: found.path };
  const why = found.fault in PATH_FAULTS ? `: ${PATH_FAULTS[found.fault as keyof typeof PATH_FAULTS]}` : '';
  return fault('certificate-untrusted', `no valid path leads from it to an authority that is trusted${why}`);
}
