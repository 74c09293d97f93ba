// SPDX-License-Identifier: Apache-2.0
import {
  envelopeKind,
  judgeCertificate,
  UnsuitableCertificateError,
  type Certificate,
  type CertificateFault,
  type Choosing,
  type EnvelopeKind,
} from '@securemail/smime';
import { standingOf, type Standing } from './certificate-state.ts';
import { conflictsAmong } from './conflicts.ts';
import type { Entry, EntryName, RevocationCheck } from './entry.ts';

/** An entry, where it stands, and who may share an envelope with it. */
export interface Judged extends Entry {
  standing: Standing;
  /** Null where nothing can be encrypted for it. */
  envelope: EnvelopeKind | null;
}

export interface Question extends EntryName {
  /** The address as it was asked for; case does not count, but beyond ASCII a certificate may say it otherwise. */
  address?: string;
  at: Date;
  trustAnchors: readonly Certificate[];
  checks: ReadonlyMap<string, RevocationCheck>;
  /** How to encrypt for certificates that do not say what their holders read. */
  choosing: Choosing;
}

type Fault = { because: CertificateFault; detail: string };

/**
 * Judges all entries of one name. The operator's own (of the folder) conflict with nobody: whoever put them there has
 * decided.
 */
export function judgeEntries(entries: readonly Entry[], question: Question): Judged[] {
  const { at, checks } = question;
  const revoked = ({ certificate }: Entry) => checks.get(certificate.sha256)?.status === 'revoked';
  const read = entries.map((entry) => ({ entry, ...fitness(entry, question) }));
  const usable = read.filter(
    ({ entry, fault }) => fault === null && entry.source !== 'folder' && !revoked(entry),
  );
  const conflicts = conflictsAmong(
    question.kind,
    usable.map(({ entry }) => entry.certificate),
  );
  return read.map(({ entry, fault, envelope }) => {
    const { certificate, source } = entry;
    const facts = {
      notAfter: certificate.notAfter,
      fault,
      check: checks.get(certificate.sha256) ?? null,
      conflicting: source !== 'folder' && conflicts.has(certificate),
    };
    return { ...entry, envelope, standing: standingOf(facts, at) };
  });
}

/**
 * Which one mail is encrypted for: sources in their order, the folder first; of those of one source that may be used, the
 * one that holds longest. Null where none may be.
 */
export function chosenOf(judged: readonly Judged[]): (Judged & { envelope: EnvelopeKind }) | null {
  const usable = judged.filter((each) => isUsable(each));
  const [best] = usable.toSorted(
    (a, b) =>
      Number(a.source !== 'folder') - Number(b.source !== 'folder') ||
      b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime(),
  );
  return best ?? null;
}

const isUsable = (judged: Judged): judged is Judged & { envelope: EnvelopeKind } =>
  judged.standing.obstacle === null && judged.envelope !== null;

/** A certificate may be sound, and its key or all that its holder says he reads still too weak to encrypt for. */
function fitness(
  { certificate, chain }: Entry,
  { kind, name, address, at, trustAnchors, choosing }: Question,
): { fault: Fault | null; envelope: EnvelopeKind | null } {
  const judgement = judgeCertificate(certificate, {
    at,
    trustAnchors,
    intermediates: chain,
    purpose: 'encrypt',
    ...(kind === 'person' ? { address: address ?? ownSpelling(certificate, name) } : { domain: name }),
  });
  if (!judgement.ok) return { fault: judgement, envelope: null };
  try {
    return { fault: null, envelope: envelopeKind({ certificate }, choosing) };
  } catch (error) {
    if (!(error instanceof UnsuitableCertificateError)) throw error;
    return { fault: { because: 'certificate-unsuitable', detail: error.message }, envelope: null };
  }
}

const ownSpelling = ({ emails }: Certificate, name: string) =>
  emails.find((email) => email.toLowerCase() === name) ?? name;
