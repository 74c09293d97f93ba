// SPDX-License-Identifier: Apache-2.0
import { judgeCertificate, type Certificate, type Judgement } from '@securemail/smime';
import { WARNINGS, type Warning } from './certificate-state.ts';
import { A_SECOND, endOf } from './end-of.ts';
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

/** The key that signs a mail in a name: for a person without one it is his organisation's. Null where none does. */
export function signerInNameOf(keys: readonly OwnKey[], of: EntryName, question: KeyQuestion): OwnKey | null {
  const own = signerAmong(keys, of, question);
  if (own !== null || of.kind === 'organisation') return own;
  const domain = of.name.slice(of.name.lastIndexOf('@') + 1);
  return signerAmong(keys, { kind: 'organisation', name: domain }, question);
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
      .flatMap((key) => spanOf(key, of, question) ?? [])
      .toSorted((a, b) => a.beginsAt.getTime() - b.beginsAt.getTime());
    const last = endOfChain(able, question.at);
    if (last === null)
      return [...able, ...own]
        .slice(0, 1)
        .map(({ certificate: { sha256 } }) => ({ ...of, what: NOBODY_SIGNS, sha256 }));
    const { certificate, endsAt } = last;
    const { sha256 } = certificate;
    const days = WARNINGS.find((each) => endsAt.getTime() - question.at.getTime() <= each * DAY);
    return days === undefined ? [] : [{ ...of, what: expiresWithin(days), sha256 }];
  });
}

/** When a key can sign: of its certificate, or of an authority above it, what ends first. */
interface Span {
  certificate: Certificate;
  beginsAt: Date;
  endsAt: Date;
}

/** Null where it can not, also when its time has come. */
function spanOf(key: OwnKey, of: EntryName, question: KeyQuestion): Span | null {
  const { certificate } = key;
  const judgeAt = (at: Date) => judge(key, of, { ...question, at });
  const judgement = judgeAt(later(question.at, certificate.notBefore));
  if (!judgement.ok) return null;
  const endsAt = endOf(judgement.path, judgeAt)?.at ?? certificate.notAfter;
  return { certificate, beginsAt: certificate.notBefore, endsAt };
}

/**
 * The one with which it ends that from now on there always is one that holds; null where there is none now.
 *
 * @param spans by when they begin.
 */
function endOfChain(spans: readonly Span[], at: Date): Span | null {
  let last: Span | null = null;
  for (const each of spans) {
    if (each.beginsAt.getTime() > (last === null ? at.getTime() : last.endsAt.getTime() + A_SECOND)) break;
    if (last === null || each.endsAt > last.endsAt) last = each;
  }
  return last;
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);

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

function faultOf(key: OwnKey, of: EntryName, question: KeyQuestion) {
  const judgement = judge(key, of, question);
  return judgement.ok ? null : STATES[judgement.because];
}

const judge = (
  { certificate, chain }: OwnKey,
  { kind, name }: EntryName,
  { at, trustAnchors }: KeyQuestion,
): Judgement =>
  judgeCertificate(certificate, {
    at,
    trustAnchors,
    intermediates: chain,
    purpose: 'sign',
    ...(kind === 'person' ? { address: ownSpelling(certificate, name) } : { domain: name }),
  });
