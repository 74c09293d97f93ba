// SPDX-License-Identifier: Apache-2.0
import type { CertificateFault } from '@securemail/smime';
import type { RevocationCheck } from './entry.ts';

export const CERTIFICATE_STATES = [
  'valid',
  'expiring',
  'not-yet-valid',
  'expired',
  'revoked',
  'untrusted',
  'unsuitable',
  'conflicting',
] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];

/** Days before its end at which an entry is warned of, the most urgent first. */
export const WARNINGS = [7, 30, 60] as const;
export type Warning = (typeof WARNINGS)[number];

/** Why a certificate is not used. */
export type CertificateObstacle = CertificateFault | 'certificate-revoked' | 'certificate-conflicting';

/** Where an entry stands: its state, why in words that name no person, and whether mail may be encrypted for it. */
export interface Standing {
  state: CertificateState;
  reason: string;
  /** Null: it may be used. */
  obstacle: CertificateObstacle | null;
  /** The narrowest threshold that it has passed; null where it holds for longer, or is not used anyway. */
  warning: Warning | null;
}

export interface StateFacts {
  /** When it ends, or an authority above it without which it is of no use. */
  endsAt: Date;
  /** The authority, where it is that: its subject. */
  endsWith: string | null;
  /** What is wrong with it by itself; null where nothing is. */
  fault: { because: CertificateFault; detail: string } | null;
  check: RevocationCheck | null;
  /** Whether another one that is as good stands against it: see conflicts.ts. */
  conflicting: boolean;
}

const STATE_OF_FAULT: Record<CertificateFault, CertificateState> = {
  'certificate-expired': 'expired',
  'certificate-not-yet-valid': 'not-yet-valid',
  'certificate-untrusted': 'untrusted',
  'certificate-unsuitable': 'unsuitable',
};

const DAY = 24 * 60 * 60 * 1_000;

/**
 * The state of an entry. Where several things are wrong the gravest is told: that it was revoked, whatever else; then what
 * is wrong with it by itself; then that it conflicts with another one.
 */
export function standingOf({ endsAt, endsWith, fault, check, conflicting }: StateFacts, at: Date): Standing {
  if (check?.status === 'revoked') {
    const reason = `${check.detail} (asked on ${dayOf(check.checkedAt)})`;
    return { state: 'revoked', reason, obstacle: 'certificate-revoked', warning: null };
  }
  if (fault !== null) {
    const { because, detail } = fault;
    return { state: STATE_OF_FAULT[because], reason: detail, obstacle: because, warning: null };
  }
  const warning = warningOf(endsAt, at);
  if (conflicting)
    return {
      state: 'conflicting',
      reason:
        'another certificate for the same name holds as well and is no renewal of it; remove one of them',
      obstacle: 'certificate-conflicting',
      warning,
    };
  const why = endsWith === null ? '' : `, as an authority above it does: ${endsWith}`;
  if (warning === null)
    return { state: 'valid', reason: `it holds until ${dayOf(endsAt)}${why}`, obstacle: null, warning };
  const days = Math.floor((endsAt.getTime() - at.getTime()) / DAY);
  const left = days === 0 ? 'today or tomorrow' : `in ${days} ${days === 1 ? 'day' : 'days'}`;
  return {
    state: 'expiring',
    reason: `it expires ${left}, on ${dayOf(endsAt)}${why}`,
    obstacle: null,
    warning,
  };
}

const warningOf = (endsAt: Date, at: Date): Warning | null =>
  WARNINGS.find((days) => endsAt.getTime() - at.getTime() <= days * DAY) ?? null;

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
