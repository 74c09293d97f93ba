// SPDX-License-Identifier: Apache-2.0
import { judgeCertificate, type Certificate } from '@securemail/smime';
import { WARNINGS, type Warning } from './certificate-state.ts';
import { keyOf, ownSpelling, type EntryKind, type EntryName } from './entry.ts';

/** A key of our own, by its certificate; the key itself is not here. */
export interface OwnKey {
  kind: EntryKind;
  /** The addresses that its certificate names, or the domain; in lower case and A-labels. */
  names: readonly string[];
  certificate: Certificate;
  chain: readonly Certificate[];
  where: 'file' | 'token';
  /** Somebody said that it signs no more; it opens what was encrypted for it. */
  retired: Retirement | null;
}

export interface Retirement {
  at: string;
  by: string;
  reason: string;
}

export const KEY_STATES = [
  'signs',
  /** A newer one signs. */
  'superseded',
  'retired',
  'not-yet-valid',
  'expired',
  'untrusted',
  'unsuitable',
] as const;
export type KeyState = (typeof KEY_STATES)[number];

export interface KeyQuestion {
  at: Date;
  trustAnchors: readonly Certificate[];
}

/**
 * Which of several that could sign does: the one that began last; of those that began at once the one that ends last. So
 * a new certificate takes over in the moment from which it holds, and one that was made beforehand not earlier.
 */
export const newestFirst = (a: Certificate, b: Certificate): number =>
  b.notBefore.getTime() - a.notBefore.getTime() ||
  b.notAfter.getTime() - a.notAfter.getTime() ||
  (a.sha256 < b.sha256 ? -1 : Number(a.sha256 > b.sha256));

/** Where a key stands for one of its names, among the others of that name. */
export function stateOfKey(
  key: OwnKey,
  of: EntryName,
  keys: readonly OwnKey[],
  question: KeyQuestion,
): KeyState {
  if (key.retired !== null) return 'retired';
  const fault = faultOf(key, of, question);
  if (fault !== null) return fault;
  return signerAmong(keys, of, question)?.certificate.sha256 === key.certificate.sha256
    ? 'signs'
    : 'superseded';
}

/** The key that signs for a name; null where none does. */
export function signerAmong(keys: readonly OwnKey[], of: EntryName, question: KeyQuestion): OwnKey | null {
  const able = keys.filter(
    (key) => isOf(key, of) && key.retired === null && faultOf(key, of, question) === null,
  );
  return able.toSorted((a, b) => newestFirst(a.certificate, b.certificate))[0] ?? null;
}

/** A name for which soon nobody signs any more, or nobody does already, and by which certificate that is known. */
export interface KeyWarning extends EntryName {
  what: `expires within ${Warning} days` | 'nobody signs';
  sha256: string;
}

const NOBODY_SIGNS = 'nobody signs';
const expiresWithin = (days: Warning) => `expires within ${days} days` as const;

/** What there is to warn of. */
export const KEY_WARNINGS = [NOBODY_SIGNS, ...WARNINGS.map(expiresWithin)] as const;

/**
 * Names whose keys want a successor: nobody signs now, or soon for a while, until one that is to come begins, or for good.
 * The retired ones count for nothing.
 */
export function keyWarnings(keys: readonly OwnKey[], question: KeyQuestion): KeyWarning[] {
  return namesIn(keys).flatMap((of): KeyWarning[] => {
    const own = keys.filter((key) => isOf(key, of) && key.retired === null);
    const able = own
      .filter(
        (key) =>
          faultOf(key, of, { ...question, at: later(question.at, key.certificate.notBefore) }) === null,
      )
      .map(({ certificate }) => certificate)
      .toSorted((a, b) => a.notBefore.getTime() - b.notBefore.getTime());
    const last = endOfChain(able, question.at);
    if (last === null)
      return [...able, ...own.map(({ certificate }) => certificate)]
        .slice(0, 1)
        .map(({ sha256 }) => ({ ...of, what: NOBODY_SIGNS, sha256 }));
    const { sha256, notAfter } = last;
    const days = WARNINGS.find((each) => notAfter.getTime() - question.at.getTime() <= each * DAY);
    return days === undefined ? [] : [{ ...of, what: expiresWithin(days), sha256 }];
  });
}

/**
 * The one with which it ends that from now on there always is one that holds; null where there is none now.
 *
 * @param certificates by when they begin.
 */
function endOfChain(certificates: readonly Certificate[], at: Date): Certificate | null {
  let last: Certificate | null = null;
  for (const each of certificates) {
    if (each.notBefore.getTime() > (last === null ? at.getTime() : last.notAfter.getTime() + A_SECOND)) break;
    if (last === null || each.notAfter > last.notAfter) last = each;
  }
  return last;
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);

/** A certificate holds to the end of the second of its notAfter (RFC 5280 §4.1.2.5). */
const A_SECOND = 1_000;
const DAY = 24 * 60 * 60 * 1_000;

/** Each once. */
const namesIn = (keys: readonly OwnKey[]): EntryName[] => [
  ...new Map(
    keys.flatMap(({ kind, names }) => names.map((name) => [keyOf({ kind, name }), { kind, name }] as const)),
  ).values(),
];

const isOf = (key: OwnKey, { kind, name }: EntryName) => key.kind === kind && key.names.includes(name);

const STATES = {
  'certificate-expired': 'expired',
  'certificate-not-yet-valid': 'not-yet-valid',
  'certificate-untrusted': 'untrusted',
  'certificate-unsuitable': 'unsuitable',
} as const;

function faultOf(
  { certificate, chain }: OwnKey,
  { kind, name }: EntryName,
  { at, trustAnchors }: KeyQuestion,
) {
  const judgement = judgeCertificate(certificate, {
    at,
    trustAnchors,
    intermediates: chain,
    purpose: 'sign',
    ...(kind === 'person' ? { address: ownSpelling(certificate, name) } : { domain: name }),
  });
  return judgement.ok ? null : STATES[judgement.because];
}
