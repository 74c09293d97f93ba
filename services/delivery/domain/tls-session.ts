// SPDX-License-Identifier: Apache-2.0
import type { AppliedPolicy, DaneFault } from '@securemail/tls-policy';

/** RFC 8460 §4.3. `dane-required` is never said: no setting demands DANE of a domain that has none. */
export type FailureType =
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'tlsa-invalid'
  | 'dnssec-invalid'
  | 'dane-required'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid';
export type SessionResult = 'success' | FailureType;

/** How a session that was to be had in TLS came out. */
export type SessionOutcome =
  | {
      kind: 'open';
      encrypted: boolean;
      /** What spoke against the certificate where nobody insisted on it: a code of OpenSSL or Node. */
      objection: string | null;
    }
  | {
      kind: 'failed';
      /** The server said no to STARTTLS. */
      declined: boolean;
      /** A code of OpenSSL or Node. */
      code: string | null;
      daneFault: DaneFault | null;
    };

/** The result of a session under a policy, in the words of RFC 8460 §4.3. */
export function sessionResult({ type, fault }: AppliedPolicy, outcome: SessionOutcome): SessionResult {
  // A policy that is wrong itself proves nothing, however well TLS went.
  if (fault !== undefined) return fault;
  if (outcome.kind === 'open') {
    if (!outcome.encrypted) return 'starttls-not-supported';
    // Without a policy there is nothing that a certificate could break.
    return type === 'sts' && outcome.objection !== null ? byCode(outcome.objection) : 'success';
  }
  if (outcome.daneFault !== null) return BY_DANE_FAULT[outcome.daneFault];
  if (outcome.code !== null && byCode(outcome.code) !== 'validation-failure') return byCode(outcome.code);
  return outcome.declined ? 'starttls-not-supported' : 'validation-failure';
}

/** RFC 8460 §4.3.2.1 has a word for a bad record, and none for a good one that describes another certificate. */
const BY_DANE_FAULT: Record<DaneFault, FailureType> = {
  'not-described': 'validation-failure',
  'other-name': 'certificate-host-mismatch',
  expired: 'certificate-expired',
  'no-path': 'certificate-not-trusted',
};

const NOT_TRUSTED = /SELF_SIGNED|UNABLE_TO_|UNTRUSTED|INVALID_CA|PATH_LENGTH|CHAIN_TOO_LONG|REVOKED|REJECTED/;

function byCode(code: string): FailureType {
  if (code === 'CERT_HAS_EXPIRED') return 'certificate-expired';
  if (code.includes('ALTNAME') || code === 'HOSTNAME_MISMATCH') return 'certificate-host-mismatch';
  return NOT_TRUSTED.test(code) ? 'certificate-not-trusted' : 'validation-failure';
}
