// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Address, Language, NewEvent } from '@securemail/contracts';
import {
  activeParts,
  headerAlone,
  headerOf,
  neutralised,
  UnneutralisableError,
  withoutLegacyDisplay,
  type Header,
} from '@securemail/mime';
import { unopenedFacts } from '@securemail/signature-certificate';
import type { Certificate } from '@securemail/smime';
import { restoredHeader } from '../domain/received/marks.ts';
import { AS_TEXT, NEUTRALISED } from '../domain/received/neutralised-texts.ts';
import type { JudgedSignature } from '../domain/received/verdict.ts';
import { unopenedNotice } from '../domain/received/unopened-notice.ts';
import { certificatesMissingIn, judgeOpened } from './judge-opened.ts';
import { isDoubtful, openContent, type Closed, type Opened } from './open-content.ts';
import type { OpeningMeans, Readers, Received } from './received.ts';
import { readerMessage, type Message } from './received-message.ts';
import { storeOpened } from './store-opened.ts';
import { attachedMessage, textBefore } from './text-before.ts';

/** What became of a mail for some of its readers. */
export interface Opening {
  event: NewEvent<'EmailOpened'>;
  /** Whether a key was needed: if none was, it is the same for everybody. */
  decrypted: boolean;
  /** The signature that counts, where it is simply valid and a person's. */
  signer: { signature: JudgedSignature; from: Address; chain: readonly Certificate[] } | null;
}

/** Opens a mail with the keys of these readers, judges and marks it, and stores what they get. What can't be opened they get as it came, in a mail that says why. */
export async function openFor(readers: Readers, received: Received, means: OpeningMeans): Promise<Opening> {
  const opened = await openContent(readers, received, means);
  if (!opened.ok) return await asItCame(readers, received, means, opened);
  const known = await certificatesMissingIn(opened.message, received, means);
  const whole = known.length === 0 ? opened : await openContent(readers, received, means, known);
  if (!whole.ok) return await asItCame(readers, received, means, whole);
  try {
    return await asOpened(readers, received, means, whole);
  } catch (error) {
    if (!(error instanceof UnneutralisableError)) throw error;
    return await asItCame(readers, received, means, { code: 'not-neutralised', encryptedFor: [] });
  }
}

async function asOpened(
  readers: Readers,
  received: Received,
  means: OpeningMeans,
  { message: opened }: Opened,
): Promise<Opening> {
  const { judged, from } = await judgeOpened(opened, received, means);
  const encryptions = opened.layers.flatMap((layer, depth) =>
    layer.kind === 'encrypted' ? [{ layer, depth }] : [],
  );
  const doubtful = opened.layers.some(isDoubtful);
  const { counting } = judged;
  const sound = counting !== null && counting.signer !== null && counting.verdict !== 'invalid';
  const header = restoredHeader(opened, { fromIsSigned: sound, doubtful });
  const signedBy = sound ? (counting.signature.certificate?.emails ?? []) : [];
  const kept = keptOf(opened) ?? (() => means.vault.get(received, received.content));
  const content = (marked: Header) => readerMessage(marked, opened, { kept, whole: opened.kept === null });
  const shown = doubtful ? await disarmed(content, readers.language) : null;
  const event = await storeOpened(readers, received, means, {
    header,
    judged,
    signedBy,
    encryptions,
    closed: null,
    certifiable: true,
    neutralised: shown?.changed ?? false,
    unsigned: opened.layers.some(({ kind }) => kind === 'signed') && !opened.keptSigned,
    attachedProtected: opened.closedParts.includes('in-attached-message'),
    message: shown?.message ?? content,
  });
  const harvested = judged.verdict === 'valid' && counting?.signer === 'person' && from !== null;
  const layer = counting === null ? null : opened.layers[counting.layer];
  return {
    decrypted: encryptions.length > 0,
    signer: harvested
      ? { signature: counting, from, chain: layer?.kind === 'signed' ? layer.certificates : [] }
      : null,
    event,
  };
}

/**
 * What was kept, without the copies of header fields that its reader gets in the header itself (RFC 9788 §4.5.3). Not where
 * he gets it still signed, nor where somebody on the way may have written what would be left out.
 */
function keptOf({ kept, keptSigned, headerProtection, layers }: Opened['message']): Message | null {
  if (kept === null || keptSigned || (headerProtection?.legacyDisplay ?? []).length === 0) return kept;
  const isAuthentic =
    !layers.some(isDoubtful) &&
    layers.some(
      (layer) =>
        (layer.kind === 'encrypted' && layer.authenticated) ||
        (layer.kind === 'signed' && layer.signatures.some(({ verified }) => verified)),
    );
  return isAuthentic ? () => withoutLegacyDisplay(kept()) : kept;
}

interface Disarmed {
  message: (header: Header) => Message;
  /** Whether its reader gets another content than was sent. */
  changed: boolean;
}

/** A message without what may act in it, and with a notice of that where its reader sees it. */
async function disarmed(content: (header: Header) => Message, language: Language): Promise<Disarmed> {
  const notice = NEUTRALISED[language];
  const entity = content(headerOf([]));
  // Once, as it is read more than once.
  const seed = randomBytes(24).toString('hex');
  const notices = { notice, asText: AS_TEXT[language], seed };
  const without = (message: Message) => () => neutralised(message(), notices);
  const found = await activeParts(entity());
  return {
    changed: found !== 'none',
    // In HTML it stands before the text.
    message:
      found === 'none-in-html'
        ? (header) => textBefore(header, `${notice}\r\n`, without(entity))
        : (header) => without(content(header)),
  };
}

async function asItCame(
  readers: Readers,
  received: Received,
  means: OpeningMeans,
  { code, encryptedFor }: Closed,
): Promise<Opening> {
  const tried = readers.unwrappers.map(({ certificate }) => certificate);
  const closed = unopenedFacts(code, encryptedFor, tried);
  const explained = readers.whenUnopened === 'explain';
  const whole = () => means.vault.get(received, received.content);
  const header = await headerAlone(whole());
  const unsigned = { verdict: 'not-signed', reservations: ['not-opened'], signatures: [] } as const;
  const asIs = { contentHeader: header, headerProtection: null, keptSigned: true };
  const event = await storeOpened(readers, received, means, {
    header: restoredHeader({ header, ...asIs }, { fromIsSigned: false, doubtful: false }),
    judged: unsigned,
    signedBy: [],
    encryptions: [],
    closed,
    // Mail programs open S/MIME only at the top of a message (docs/decisions/0021-signature-certificate.md).
    certifiable: explained,
    neutralised: false,
    unsigned: false,
    attachedProtected: false,
    message: (marked) =>
      explained
        ? textBefore(marked, unopenedNotice(closed, readers.language), attachedMessage(whole))
        : readerMessage(marked, asIs, { kept: whole, whole: true }),
  });
  return { event, decrypted: false, signer: null };
}
