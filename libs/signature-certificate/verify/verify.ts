// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { addressesOf, fieldsSayWhatTheyMean, type Header } from '@securemail/mime';
import { readMailbox, type Certificate, type Unwrapper } from '@securemail/smime';
import type { EntityDigest } from '../facts/facts.ts';
import { isNamedLikeOurs } from '../facts/filename.ts';
import { documentsIn, type Document } from './documents-in.ts';
import {
  UnverifiableError,
  type CertificateFinding,
  type CertificateProblem,
  type Verification,
} from './finding.ts';
import { judgeDocument, NOT_SIGNED, type JudgedDocument } from './judge-document.ts';
import { LIMITS } from './limits.ts';
import type { Entity } from './mime-tree.ts';
import { openMail, type OpenedMail } from './open-mail.ts';

export interface Verifying {
  /** A mail (RFC 5322, line ends of any kind), or the PDF alone. */
  file: Buffer;
  /** Whom the reader trusts to say whose key it is. Nobody is trusted otherwise. */
  trustAnchors: readonly Certificate[];
  /** Now. */
  at: Date;
  /** Who opens a mail that is still encrypted. @default nobody */
  unwrappers?: readonly Unwrapper[] | undefined;
  /** The domain of the organisation whose word is asked for. @default whoever's is outermost */
  organisation?: string | undefined;
}

const PDF = Buffer.from('%PDF-');

/**
 * Verifies the Signature certificates in a file, offline: nothing is fetched, so nobody is asked whether a certificate was
 * revoked. Whoever sent the file gets a bounded amount of work out of it.
 *
 * @throws UnverifiableError where there is nothing to verify.
 */
export async function verifySignatureCertificate({
  file: given,
  unwrappers = [],
  organisation,
  ...judging
}: Verifying): Promise<Verification> {
  if (given.length > LIMITS.mailOctets) throw new UnverifiableError('too-large');
  const file = withoutForeword(given);
  if (file.subarray(0, PDF.length).equals(PDF)) {
    const judged = (await judgeDocument(file, judging, true)) ?? NOT_SIGNED;
    return verification('pdf', 'not-compared', [finding(judged, 'not-compared', [])], organisation);
  }
  return await verifyMail(await openMail(file, unwrappers), judging, organisation);
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const MBOX = Buffer.from('From ');
const LF = 0x0a;

/** What programs put before a mail that they store: a byte order mark, the line of an mbox (RFC 4155). */
function withoutForeword(file: Buffer): Buffer {
  const starts = (one: Buffer, other: Buffer) => one.subarray(0, other.length).equals(other);
  const text = starts(file, BYTE_ORDER_MARK) ? file.subarray(BYTE_ORDER_MARK.length) : file;
  return starts(text, MBOX) ? text.subarray(text.indexOf(LF) + 1) : text;
}

interface Judged {
  readonly document: Document;
  readonly judged: JudgedDocument;
}

async function verifyMail(
  mail: OpenedMail,
  judging: Pick<Verifying, 'trustAnchors' | 'at'>,
  organisation: string | undefined,
): Promise<Verification> {
  const all: Judged[] = [];
  let named = 0;
  for (const document of documentsIn({ entity: mail.entity, outermost: true })) {
    if (all.length === LIMITS.certificates) break;
    const isNamed = isNamedLikeOurs(document.filename);
    if (isNamed) named += 1;
    const found = await judgeDocument(document.pdf, judging, isNamed && named <= LIMITS.readings);
    const judged = found ?? (isNamed ? NOT_SIGNED : null);
    if (judged !== null) all.push({ document, judged });
  }
  const whole = wholeOf(all);
  const certificates = all.map((each) => compared(each, whole, mail));
  return verification('mail', 'this-mail', certificates, organisation);
}

/** @param about which of them can count. */
function verification(
  kind: Verification['kind'],
  about: CertificateFinding['about'],
  all: readonly CertificateFinding[],
  organisation: string | undefined,
): Verification {
  const candidates = all.filter((each) => each.about === about);
  const counting =
    organisation === undefined ? candidates[0] : candidates.find((each) => isOf(each, organisation));
  const certificates = all.map((each) => ({ ...each, counts: each === counting }));
  const holds = counting?.holds === true;
  return { kind, holds, problem: holds ? null : problemOf(all, candidates, counting), certificates };
}

function problemOf(
  all: readonly CertificateFinding[],
  candidates: readonly CertificateFinding[],
  counting: CertificateFinding | undefined,
): Verification['problem'] {
  if (counting !== undefined) return 'certificate-does-not-hold';
  if (all.length === 0) return 'no-certificate';
  return candidates.length === 0 ? 'no-certificate-of-this-mail' : 'no-certificate-of-organisation';
}

/** As A-labels (RFC 5890): both may be written either way. */
const isOf = ({ facts }: CertificateFinding, organisation: string) =>
  facts !== null && asciiOf(facts.organisation.domain) === asciiOf(organisation);

const asciiOf = (domain: string) => domainToASCII(domain) || domain.toLowerCase();

/** What may stand behind signed content (RFC 1847 §2.1): a mail program shows no text of it. */
const SIGNATURES = /^application\/(x-)?(pkcs7|pgp)-signature$/;

/**
 * The entities that are the whole of their message, but for certificates around them and signatures over them: what such
 * an entity has in it, its message has in it.
 */
function wholeOf(all: readonly Judged[]): ReadonlySet<Entity> {
  const whole = new Set(all.map(({ document }) => document.message.entity));
  for (const { type, parts, bare } of whole) {
    const [content, other, third] = parts;
    if (content === undefined || other === undefined || third !== undefined) continue;
    const facts = all.find(({ document }) => document.entity === other)?.judged.facts ?? null;
    const isWrapped =
      type === 'multipart/mixed' && bare && facts !== null && hasDigest(content, facts.entity);
    const isSigned = type === 'multipart/signed' && SIGNATURES.test(other.type);
    if (isWrapped || isSigned) whole.add(content);
  }
  return whole;
}

function compared(
  { document, judged }: Judged,
  whole: ReadonlySet<Entity>,
  mail: OpenedMail,
): CertificateFinding {
  const { message, parent } = document;
  const about = message.outermost ? 'this-mail' : 'attached-mail';
  const inPlace = parent !== null && whole.has(parent) && parent.type === 'multipart/mixed';
  const isAlone = parent?.bare === true && parent.parts.length === 2;
  const { facts } = judged;
  if (facts === null) return finding(judged, inPlace ? about : 'another-mail', []);
  const content = parent?.parts[0];
  const headers = message.outermost ? mail.headers : [message.entity.header];
  if (content !== undefined && content !== document.entity && hasDigest(content, facts.entity)) {
    const isWhole = inPlace && isAlone && (mail.intact || !message.outermost);
    const problems: CertificateProblem[] = isWhole ? [] : ['not-the-whole-mail'];
    // Further in, nobody shows the header that was around it once.
    if (inPlace && !areFrom(headers, facts.from)) problems.push('other-from');
    if (inPlace && !haveMessageId(headers, facts.messageId)) problems.push('other-message-id');
    return finding(judged, about, problems);
  }
  const isNamed =
    facts.messageId !== null && headers.some((header) => messageIdOf(header) === facts.messageId);
  return isNamed ? finding(judged, about, ['mail-changed']) : finding(judged, 'another-mail', []);
}

const finding = (
  judged: JudgedDocument,
  about: CertificateFinding['about'],
  more: readonly CertificateProblem[],
): CertificateFinding => {
  const problems = [...judged.problems, ...more];
  return { ...judged, holds: problems.length === 0, problems, about, counts: false };
};

/** The length first: it costs nothing. */
const hasDigest = ({ octets }: Entity, expected: EntityDigest) =>
  octets.length === expected.octets && createHash('sha256').update(octets).digest('hex') === expected.sha256;

const messageIdOf = (header: Header) => header.get('Message-ID')?.trim();

/** Some header names the sender, and none anybody else, or somebody who can't be read, or read in two ways. */
function areFrom(headers: readonly Header[], expected: readonly string[]): boolean {
  const named = headers.filter((header) => header.get('From') !== undefined);
  return expected.length === 0
    ? named.every((header) => addressesOf(header, 'From').length === 0)
    : named.length > 0 && named.every((header) => isFrom(header, expected));
}

function isFrom(header: Header, expected: readonly string[]): boolean {
  const named = addressesOf(header, 'From').map(({ address }) => address);
  const said = new Set(expected.map(mailboxOf));
  return (
    named.length > 0 &&
    fieldsSayWhatTheyMean(header, 'From') &&
    named.every((address) => said.has(mailboxOf(address)))
  );
}

/** However many there are, each is read once; what is no mailbox is compared as it is written. */
function mailboxOf(address: string): string {
  const mailbox = readMailbox(address);
  return mailbox === null ? `not a mailbox: ${address}` : `${mailbox.local}@${mailbox.domain}`;
}

function haveMessageId(headers: readonly Header[], expected: string | null): boolean {
  if (expected === null) return true;
  const ids = headers.map(messageIdOf).filter((id) => id !== undefined);
  return ids.length > 0 && ids.every((id) => id === expected);
}
