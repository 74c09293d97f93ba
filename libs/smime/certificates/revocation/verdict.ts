// SPDX-License-Identifier: Apache-2.0

/** Reasons of RFC 5280 §5.3.1, by their numbers; 7 is not used. */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  null,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type RevocationReason = NonNullable<(typeof REASONS)[number]>;

/** One that is not known tells no more than that there is one. */
export const reasonOf = (number: number): RevocationReason => REASONS[number] ?? 'unspecified';

export type RevocationVerdict =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly reason: RevocationReason; readonly since: Date }
  /** Nobody who may say so said either; `why` is for an administrator and names no person. */
  | { readonly status: 'unknown'; readonly why: string };

export interface Moments {
  /** When the certificate was used: any moment of the past. */
  readonly at: Date;
  /** When this is asked, by which what is told must be fresh. */
  readonly now: Date;
}

export const unknown = (why: string): RevocationVerdict => ({ status: 'unknown', why });

/** After these nobody knows since when somebody else had the key, so nothing that was ever made with it counts. */
const COMPROMISED: ReadonlySet<RevocationReason> = new Set(['keyCompromise', 'cACompromise', 'aACompromise']);

/**
 * What a revocation says of an earlier moment: a certificate that was revoked later was good then, unless its key was
 * compromised.
 */
export const revokedBy = (reason: RevocationReason, since: Date, { at }: Moments): RevocationVerdict =>
  // Written so that a date that is none (NaN) is no way out.
  at < since && !COMPROMISED.has(reason) ? { status: 'good' } : { status: 'revoked', reason, since };

/** How far the clock of who signed may be ahead of ours. */
const SKEW = 5 * 60 * 1000;

/** Why something told of a period does not hold now; null where it does. Without an end it is never fresh. */
export function staleness(from: Date, until: Date | null, now: Date): string | null {
  if (!(now.getTime() + SKEW >= from.getTime())) return 'it is from the future';
  if (until === null) return 'it does not say until when it holds';
  return now <= until ? null : 'it is out of date';
}
