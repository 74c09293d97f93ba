// SPDX-License-Identifier: Apache-2.0
import {
  readAddress,
  type Address,
  type AddressedRecipient,
  type ContentRef,
  type DataOf,
  type EmailId,
  type Language,
  type NewEvent,
  type PersonalOf,
  type ProtectedMessageId,
  type TenantId,
} from '@securemail/contracts';
import { neutralised, readHeader, UnneutralisableError, type Header } from '@securemail/mime';
import {
  compareSenders,
  openMessage,
  UnopenableMessageError,
  type Certificate,
  type EncryptedLayer,
  type Legacy,
  type OpenedMessage,
  type RevocationChecker,
  type Signer,
  type UnopenableCode,
  type Unwrapper,
} from '@securemail/smime';
import { reached } from '@securemail/telemetry';
import type { Vault } from '@securemail/vault';
import type { Directory } from '../domain/directory.ts';
import { NEUTRALISED } from '../domain/received/neutralised-texts.ts';
import { receivedFacts } from '../domain/received/certificate-facts.ts';
import { restoredHeader, withMarks } from '../domain/received/marks.ts';
import {
  judge,
  shownFrom,
  signatureInEvent,
  type Judged,
  type JudgedSignature,
} from '../domain/received/verdict.ts';
import { withCertificate } from './attached-certificate.ts';
import { readerMessage, type Message } from './received-message.ts';
import { standingsOf } from './standings.ts';

/** A mail from outside, as intake took it. */
export interface Received {
  emailId: EmailId;
  tenantId: TenantId;
  mailFrom: Address | null;
  content: ContentRef;
  deadlineAt: string;
  arrival: NonNullable<DataOf<'EmailAccepted'>['arrival']>;
  names: NonNullable<PersonalOf<'EmailAccepted'>['arrival']>;
}

/** Recipients whose keys are the same: what one of them may read all of them may. */
export interface Readers {
  protectedMessageId: ProtectedMessageId;
  recipients: readonly AddressedRecipient[];
  unwrappers: readonly Unwrapper[];
  language: Language;
}

export interface OpeningMeans {
  vault: Vault;
  /** What is known of whom the mail says that it is from. */
  directoryFor(from: Address): Promise<Directory>;
  directory: Directory;
  revocation: RevocationChecker | null;
  legacy: readonly Legacy[];
  organisation: { name: string; domain: string };
  /** Who signs Signature certificates; null where the organisation has no key, and then there are none. */
  signer: Signer | null;
  at: Date;
  /** Called all along, so that a large message does not look like standing still. */
  progressed: () => void;
}

/** What became of a mail for some of its readers. */
export interface Opening {
  event: NewEvent<'EmailOpened'>;
  /** Whether a key was needed: if none was, it is the same for everybody. */
  decrypted: boolean;
  /** The signature that counts, where it is simply valid and a person's. */
  signer: { signature: JudgedSignature; from: Address; chain: readonly Certificate[] } | null;
}

/** Opens a mail with the keys of these readers, judges and marks it, and stores what they get. What can't be opened they get as it came. */
export async function openFor(readers: Readers, received: Received, means: OpeningMeans): Promise<Opening> {
  const opened = await open(readers, received, means);
  if (!opened.ok) return await asItCame(readers, received, means, opened);
  try {
    return await asOpened(readers, received, means, opened);
  } catch (error) {
    if (!(error instanceof UnneutralisableError)) throw error;
    return await asItCame(readers, received, means, { code: 'not-neutralised', encryptedFor: [] });
  }
}

interface Opened {
  ok: true;
  message: OpenedMessage<Message | null>;
}
interface Closed {
  code: UnopenableCode | 'not-neutralised';
  encryptedFor: readonly string[];
}

async function open(
  { unwrappers }: Readers,
  received: Received,
  { vault, legacy, progressed }: OpeningMeans,
): Promise<Opened | ({ ok: false } & Closed)> {
  const keep = async (content: AsyncIterable<Buffer>, { whole }: { whole: boolean }) => {
    if (whole) {
      for await (const chunk of content) if (chunk.length === 0) continue;
      return null;
    }
    // Where it turns out not to open, it stays unreferenced and encrypted, until the email is erased.
    const ref = await vault.put(received, content);
    return () => vault.get(received, ref);
  };
  try {
    const source = tapped(vault.get(received, received.content), progressed);
    return { ok: true, message: await openMessage(source, { unwrappers, legacy, keepSigned: true, keep }) };
  } catch (error) {
    if (!(error instanceof UnopenableMessageError)) throw error;
    return { ok: false, code: error.code, encryptedFor: error.encryptedFor };
  }
}

async function asOpened(
  readers: Readers,
  received: Received,
  means: OpeningMeans,
  { message: opened }: Opened,
): Promise<Opening> {
  const { judged, from } = await judgedBy(opened, received, means);
  const encryptions = opened.layers.flatMap((layer, depth) =>
    layer.kind === 'encrypted' ? [{ layer, depth }] : [],
  );
  const doubtful = encryptions.some(({ layer }) => layer.problems.includes('unauthenticated-encryption'));
  const { counting } = judged;
  const sound = counting !== null && counting.signer !== null && counting.verdict !== 'invalid';
  const header = restoredHeader(opened, { fromIsSigned: sound });
  const signedBy = sound ? (counting.signature.certificate?.emails ?? []) : [];
  const kept = opened.kept ?? (() => means.vault.get(received, received.content));
  const stored = await store(readers, received, means, {
    header,
    judged,
    signedBy,
    encryptions: encryptions.map(({ layer }) => layer),
    closed: null,
    neutralised: doubtful,
    message: (marked) => {
      const plain = readerMessage(marked, opened, { kept, whole: opened.kept === null });
      return doubtful ? () => neutralised(plain(), { notice: NEUTRALISED[readers.language] }) : plain;
    },
  });
  const harvested = judged.verdict === 'valid' && counting?.signer === 'person' && from !== null;
  const layer = counting === null ? null : opened.layers[counting.layer];
  return {
    decrypted: encryptions.length > 0,
    signer: harvested
      ? { signature: counting, from, chain: layer?.kind === 'signed' ? layer.certificates : [] }
      : null,
    event: {
      ...stored,
      data: {
        ...stored.data,
        signatures: judged.signatures.map(signatureInEvent),
        encryptions: encryptions.map(
          ({ layer: { contentEncryption, keyEncryption, certificate }, depth }) => ({
            layer: depth,
            algorithm: contentEncryption,
            keyEncryption,
            certificateSha256: certificate.sha256,
          }),
        ),
      },
    },
  };
}

async function judgedBy(
  opened: OpenedMessage<unknown>,
  { arrival }: Received,
  { directory, directoryFor, revocation, at }: OpeningMeans,
): Promise<{ judged: Judged; from: Address | null }> {
  const shown = shownFrom(compareSenders(opened));
  const read = shown === null ? null : readAddress(shown);
  const from = read?.ok === true ? read.address : null;
  const signed = opened.layers.some(
    (layer) => layer.kind === 'signed' && layer.signatures.some(({ verified }) => verified),
  );
  const known = signed && from !== null ? await directoryFor(from) : directory;
  const standings = await standingsOf(opened, { directory: known, revocation, at, from });
  const authenticationFailed = arrival.authentication.dmarc.result === 'fail';
  return { judged: judge(opened, { standings, authenticationFailed }), from };
}

async function asItCame(
  readers: Readers,
  received: Received,
  means: OpeningMeans,
  closed: Closed,
): Promise<Opening> {
  const whole = () => means.vault.get(received, received.content);
  const { header, body } = await readHeader(whole());
  await body[Symbol.asyncIterator]().return?.();
  const unsigned = { verdict: 'not-signed', reservations: ['not-opened'], signatures: [] } as const;
  const asIs = { contentHeader: header, headerProtection: null, keptSigned: true };
  const event = await store(readers, received, means, {
    header: restoredHeader({ header, ...asIs }, { fromIsSigned: false }),
    judged: unsigned,
    signedBy: [],
    encryptions: [],
    closed,
    neutralised: false,
    message: (marked) => readerMessage(marked, asIs, { kept: whole, whole: true }),
  });
  return { event, decrypted: false, signer: null };
}

interface ToStore {
  header: Header;
  judged: Pick<Judged, 'verdict' | 'reservations' | 'signatures'>;
  signedBy: readonly string[];
  encryptions: readonly EncryptedLayer[];
  closed: Closed | null;
  neutralised: boolean;
  /** The message with this header in place of its own. */
  message: (header: Header) => Message;
}

async function store(
  { protectedMessageId, recipients, language }: Readers,
  received: Received,
  { vault, organisation, signer, at, progressed }: OpeningMeans,
  { header, judged, signedBy, encryptions, closed, neutralised: changed, message }: ToStore,
): Promise<NewEvent<'EmailOpened'>> {
  const { verdict, reservations } = judged;
  const inTls = received.arrival.tls === null ? 'none' : 'tls';
  const marked = withMarks(header, {
    verdict,
    reservations,
    signedBy,
    protection: encryptions.length > 0 || closed !== null ? 'smime' : inTls,
    unopened: closed?.code ?? null,
    encryptedFor: closed?.encryptedFor ?? [],
    neutralised: changed,
  });
  const about = receivedFacts({
    ...received,
    organisation,
    madeAt: at,
    header: marked,
    judged,
    encryptions,
    neutralised: changed,
  });
  const plain = message(marked);
  const attached = signer === null ? plain : await withCertificate(plain, about, { signer, language });
  const content = await vault.put(received, tapped(attached(), progressed));
  reached('crypto:message-stored');
  return {
    name: 'EmailOpened',
    data: {
      protectedMessageId,
      recipientIds: recipients.map(({ recipientId }) => recipientId),
      content,
      deadlineAt: received.deadlineAt,
      verdict,
      reservations: [...reservations],
      signatures: [],
      encryptions: [],
      unopened: closed?.code ?? null,
      neutralised: changed,
    },
    personal: { mailFrom: received.mailFrom, recipients: [...recipients], signedBy: [...signedBy] },
  };
}

async function* tapped(source: AsyncIterable<Buffer>, each: () => void): AsyncIterable<Buffer> {
  for await (const chunk of source) {
    each();
    yield chunk;
  }
}
