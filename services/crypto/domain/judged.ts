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
import { endOf, type End } from './end-of.ts';
import { ownSpelling, type Entry, type EntryName, type RevocationCheck, type Source } from './entry.ts';
import { borneOutBy } from './judge-smimea.ts';
import { NO_ASSOCIATIONS, type Associations } from './smimea.ts';

/** An entry, where it stands, and who may share an envelope with it. */
export interface Judged extends Entry {
  standing: Standing;
  /** When it is of no use any more, by its own end or that of an authority above it. */
  endsAt: Date;
  /** Null where nothing can be encrypted for it. */
  envelope: EnvelopeKind | null;
}

export interface Question extends EntryName {
  /** The address as it was asked for; case does not count, but beyond ASCII a certificate may say it otherwise. */
  address?: string;
  at: Date;
  /** Who may vouch for a certificate. */
  anchorsFor: (certificate: Certificate) => readonly Certificate[];
  checks: ReadonlyMap<string, RevocationCheck>;
  /** How to encrypt for certificates that do not say what their holders read. */
  choosing: Choosing;
  /** What DNSSEC proves of that address; absent: nothing. */
  associations?: Associations | undefined;
}

type Fault = { because: CertificateFault; detail: string };

/**
 * Judges all entries of one name. The operator's own (of the folder) conflict with nobody: whoever put them there has
 * decided. Nor do those of DNS: each is there because the domain says so of it. Nor those of signed mails: who signs has
 * the key, and takes one of another authority when he renews.
 */
export function judgeEntries(entries: readonly Entry[], question: Question): Judged[] {
  const { at, checks } = question;
  const revoked = ({ certificate }: Entry) => checks.get(certificate.sha256)?.status === 'revoked';
  // What somebody signed tells of his certificate, wherever that is known from.
  const told = new Map(
    entries.flatMap(({ certificate, capabilities }) =>
      capabilities ? [[certificate.sha256, capabilities] as const] : [],
    ),
  );
  const read = entries
    .map((entry) => ({ ...entry, capabilities: told.get(entry.certificate.sha256) ?? null }))
    .map((entry) => ({ entry, ...fitness(entry, question) }));
  const usable = read.filter(({ entry, fault }) => fault === null && mayConflict(entry) && !revoked(entry));
  const conflicts = conflictsAmong(
    question.kind,
    usable.map(({ entry }) => entry.certificate),
  );
  return read.map(({ entry, fault, envelope, proof, end }) => {
    const { certificate } = entry;
    const endsAt = end?.at ?? certificate.notAfter;
    const facts = {
      endsAt,
      endsWith: end === null || end.by === certificate ? null : oneLine(end.by.x509.subject),
      fault,
      check: checks.get(certificate.sha256) ?? null,
      conflicting: mayConflict(entry) && conflicts.has(certificate),
    };
    const standing = standingOf(facts, at);
    const reason = proof === null ? standing.reason : `${standing.reason}; ${proof}`;
    return { ...entry, envelope, endsAt, standing: { ...standing, reason } };
  });
}

/** As it is printed, each part of the name has a line of its own. */
const oneLine = (name: string) => name.replaceAll('\n', ', ');

const mayConflict = ({ source }: Entry) => source !== 'folder' && source !== 'dns' && source !== 'harvested';

/**
 * Which one mail is encrypted for: the folder's before all others, those of signed mails after
 * what somebody put in, and DNS last; of those that may be used then, the one that holds longest, and of those of signed
 * mails the one that begins last. Null where none may be.
 */
export function chosenOf(judged: readonly Judged[]): (Judged & { envelope: EnvelopeKind }) | null {
  const usable = judged.filter((each) => isUsable(each));
  const [best] = usable.toSorted((a, b) => rankOf(a) - rankOf(b) || preference(b) - preference(a));
  return best ?? null;
}

const RANKS: Readonly<Record<Source, number>> = {
  folder: 0,
  uploaded: 1,
  'partner-list': 1,
  ldap: 1,
  harvested: 2,
  dns: 3,
};
/** What somebody put in is there to be used as long as it can; what is signed with now is what its holder reads now. */
const preference = ({ source, certificate: { notBefore, notAfter } }: Entry) =>
  (source === 'harvested' ? notBefore : notAfter).getTime();
const rankOf = ({ source }: Entry) => RANKS[source];

const isUsable = (judged: Judged): judged is Judged & { envelope: EnvelopeKind } =>
  judged.standing.obstacle === null && judged.envelope !== null;

/** A certificate may be sound, and its key or all that its holder says he reads still too weak to encrypt for. */
function fitness(entry: Entry, question: Question): Fitness {
  const { certificate, capabilities } = entry;
  const { fault, proof, end } = trust(entry, question);
  if (fault !== null) return { fault, envelope: null, proof, end };
  try {
    return {
      fault: null,
      envelope: envelopeKind({ certificate, capabilities }, question.choosing),
      proof,
      end,
    };
  } catch (error) {
    if (!(error instanceof UnsuitableCertificateError)) throw error;
    return {
      fault: { because: 'certificate-unsuitable', detail: error.message },
      envelope: null,
      proof,
      end,
    };
  }
}

interface Fitness {
  fault: Fault | null;
  envelope: EnvelopeKind | null;
  /** What DNS adds to it; null for nothing. */
  proof: string | null;
  /** Null where it has a fault, or DNS vouches for it as long as it holds. */
  end: End | null;
}

/**
 * What somebody here has put in counts by itself, and the word of DNS may add to it. What others said counts only as far
 * as DNS has nothing against it, and what DNS says counts as its records have it.
 */
function trust(
  { certificate, chain, source }: Entry,
  { kind, name, address, at, anchorsFor, associations = NO_ASSOCIATIONS }: Question,
): Omit<Fitness, 'envelope'> {
  const question = {
    at,
    trustAnchors: anchorsFor(certificate),
    intermediates: chain,
    purpose: 'encrypt' as const,
    ...(kind === 'person' ? { address: address ?? ownSpelling(certificate, name) } : { domain: name }),
  };
  const judgement = judgeCertificate(certificate, question);
  const own = source !== 'ldap' && source !== 'dns' && source !== 'harvested';
  if (associations.records.length === 0 || (own && judgement.ok))
    return judgement.ok
      ? {
          fault: null,
          proof: null,
          end: endOf(judgement.path, (moment) => judgeCertificate(certificate, { ...question, at: moment })),
        }
      : { fault: judgement, proof: null, end: null };
  const usage = borneOutBy(certificate, associations, question);
  if (usage !== null)
    return { fault: null, proof: `DNSSEC vouches for it (SMIMEA, usage ${usage})`, end: null };
  const detail = 'the records of its address in DNS (SMIMEA) do not bear it out';
  return {
    fault: judgement.ok ? { because: 'certificate-untrusted', detail } : judgement,
    proof: null,
    end: null,
  };
}
