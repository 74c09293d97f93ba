// SPDX-License-Identifier: Apache-2.0
import { DerError } from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import { allowsPurpose } from '../allows-purpose.ts';
import type { Certificate } from '../certificate.ts';
import { nameRules } from '../names/name-constraints.ts';
import { verifySigned, type SignatureVerdict } from '../signed.ts';
import { pathDetailsOf } from './path-details.ts';
import type { PathFault } from './path-fault.ts';
import { policyRules, type PolicyInputs } from './policy-rules.ts';

/** The inputs of RFC 5280 §6.1.1; the path and its anchor come beside them. */
export interface PathInputs extends PolicyInputs {
  /** When the path is to hold; any moment of the past will do. */
  readonly at: Date;
  /**
   * A key purpose that each certificate must allow which has extendedKeyUsage at all, authorities too: nobody gives
   * away what he has not, as browsers and mail programs read it. Without it no certificate's is looked at.
   */
  readonly keyPurpose?: string | undefined;
}

export type PathVerdict =
  | {
      readonly ok: true;
      /** Under which the path holds, in the anchor's words; anyPolicy means every one. */
      readonly policies: ReadonlySet<string>;
    }
  | {
      readonly ok: false;
      readonly fault: PathFault;
      /** Of which certificate, counted from the anchor, which is 0. */
      readonly index: number;
    };

/** Whether the key in `issuer` signed `subject`; only asked where the names fit. */
export type CheckSignature = (subject: Certificate, issuer: Certificate) => SignatureVerdict;

export const checkSignature: CheckSignature = (subject, issuer) =>
  verifySigned(pathDetailsOf(subject).signed, issuer.x509.publicKey);

/**
 * Validates a path (RFC 5280 §6.1), revocation apart. Our own, because pkijs takes name constraints and policies
 * lightly and bounds nothing.
 *
 * A trust anchor is a certificate, and what it says of itself counts (RFC 5937): validity, basicConstraints, keyUsage,
 * nameConstraints, extensions. But not its policies, which are those of the authorities below it.
 *
 * @param path from the trust anchor to the certificate in question; these may be one and the same, which then holds
 *   while it is valid.
 * @throws TypeError for an empty path, about which nothing is wrong: it would pass for a good one.
 */
export function validatePath(
  path: readonly Certificate[],
  inputs: PathInputs,
  signatureOf: CheckSignature = checkSignature,
): PathVerdict {
  if (path.length === 0) throw new TypeError('a path has one certificate at least: that of the trust anchor');
  let index = 0;
  try {
    const rules = { names: nameRules(), policies: policyRules(inputs), authoritiesLeft: Infinity };
    for (const certificate of path) {
      const isLast = index === path.length - 1;
      const issuer = path[index - 1];
      const fault =
        judgeItself(certificate, inputs) ??
        (issuer === undefined ? null : judgeUnder(issuer, certificate, isLast, rules, signatureOf)) ??
        (isLast && inputs.keyPurpose === OID.emailProtection ? judgeForMail(certificate, rules) : null) ??
        (isLast ? null : judgeAsAuthority(certificate, index, rules));
      if (fault !== null) return { ok: false, fault, index };
      index += 1;
    }
    const policies = path.length === 1 ? new Set([OID.anyPolicy]) : rules.policies.finish();
    return policies === null
      ? { ok: false, fault: 'policy', index: path.length - 1 }
      : { ok: true, policies };
  } catch (error) {
    if (error instanceof DerError) return { ok: false, fault: 'malformed', index };
    throw error;
  }
}

interface Rules {
  readonly names: ReturnType<typeof nameRules>;
  readonly policies: ReturnType<typeof policyRules>;
  /** How many authorities that are not self-issued may still come. */
  authoritiesLeft: number;
}

function judgeItself(certificate: Certificate, { at, keyPurpose }: PathInputs): PathFault | null {
  const validity = judgeValidity(certificate, at);
  if (validity !== null) return validity;
  if (unknownCritical(certificate) !== undefined) return 'critical-extension-unknown';
  const allowed = keyPurpose === undefined || allowsPurpose(certificate, keyPurpose);
  return allowed ? null : 'extended-key-usage';
}

/** Both ends belong to the period, to the whole second: notAfter is good until that second is over (RFC 5280 §4.1.2.5). */
export function judgeValidity(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  at: Date,
): 'not-yet-valid' | 'expired' | null {
  // Written so that a date that is none (NaN) fails too.
  if (!(at >= notBefore)) return 'not-yet-valid';
  return at.getTime() < notAfter.getTime() + 1_000 ? null : 'expired';
}

/** RFC 5280 §6.1.3. */
function judgeUnder(
  issuer: Certificate,
  certificate: Certificate,
  isLast: boolean,
  { names, policies }: Rules,
  signatureOf: CheckSignature,
): PathFault | null {
  const details = pathDetailsOf(certificate);
  if (details.issuer !== pathDetailsOf(issuer).subject) return 'names-do-not-chain';
  const signature = signatureOf(certificate, issuer);
  if (signature !== 'good') return `signature-${signature}`;
  if ((isLast || !details.selfIssued) && !names.allow(details.names)) return 'name-not-permitted';
  return policies.enter(details, isLast) ? null : 'policy';
}

/** A certificate at its end may be used for all mail of the hosts that it names. */
const judgeForMail = (certificate: Certificate, { names }: Rules): PathFault | null =>
  names.allowMailOf(pathDetailsOf(certificate).names) ? null : 'name-not-permitted';

/** RFC 5280 §6.1.4. */
function judgeAsAuthority(certificate: Certificate, index: number, rules: Rules): PathFault | null {
  const details = pathDetailsOf(certificate);
  const { authority, keyUsage } = certificate;
  if (index > 0 && !rules.policies.leave(details)) return 'policy';
  if (details.nameConstraints !== null) rules.names.add(details.nameConstraints);
  if (authority === null) return 'not-an-authority';
  if (index > 0 && !details.selfIssued) {
    if (rules.authoritiesLeft <= 0) return 'path-length';
    rules.authoritiesLeft -= 1;
  }
  rules.authoritiesLeft = Math.min(rules.authoritiesLeft, authority.pathLength ?? Infinity);
  return keyUsage === null || keyUsage.has('keyCertSign') ? null : 'key-usage';
}

/** Those that are acted on here. Distribution points only say where revocation lists are. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.nameConstraints,
  OID.certificatePolicies,
  OID.policyMappings,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
  OID.extendedKeyUsage,
  OID.crlDistributionPoints,
]);

/** A critical extension that nobody here acts on forbids the use of the certificate (RFC 5280 §4.2). */
export const unknownCritical = ({ criticalExtensions }: Certificate): string | undefined =>
  criticalExtensions.find((id) => !KNOWN_EXTENSIONS.has(id));
