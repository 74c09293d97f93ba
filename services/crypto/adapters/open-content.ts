// SPDX-License-Identifier: Apache-2.0
import { binaryAsBase64 } from '@securemail/mime';
import {
  isNamed,
  openMessage,
  UnopenableMessageError,
  type Around,
  type Certificate,
  type Layer,
  type NamedCertificate,
  type OpenedMessage,
  type UnopenableCode,
} from '@securemail/smime';
import { linesIn } from './lines.ts';
import type { OpeningMeans, Readers, Received } from './received.ts';
import type { Message } from './received-message.ts';
import { tapped } from './tapped.ts';

/** `kept` is null where what is kept of it is the message as it came. */
export interface Opened {
  ok: true;
  message: OpenedMessage<Message | null>;
}
/** It stays as it came. */
export interface Closed {
  code: UnopenableCode | 'not-neutralised' | 'forwards-outside';
  encryptedFor: readonly NamedCertificate[];
}

/**
 * Opens a mail with the keys of these readers, as far as that goes.
 *
 * @param certificates of signers, where the mail itself has them not.
 */
export async function openContent(
  { unwrappers, withheld }: Readers,
  received: Received,
  { vault, legacy, progressed }: OpeningMeans,
  certificates: readonly Certificate[] = [],
): Promise<Opened | ({ ok: false } & Closed)> {
  const lines = { areCrlf: true, arePlain: true };
  const keep = async (content: AsyncIterable<Buffer>, { whole }: { whole: boolean }) => {
    if (whole) {
      for await (const chunk of content) if (chunk.length === 0) continue;
      return null;
    }
    // Where it turns out not to open, it stays unreferenced and encrypted, until the email is erased.
    const ref = await vault.put(received, linesIn(content, lines));
    return () => vault.get(received, ref);
  };
  try {
    const source = tapped(vault.get(received, received.content), progressed);
    const message = await openMessage(source, { unwrappers, certificates, legacy, keepSigned: true, keep });
    const { kept, keptSigned } = message;
    if (kept !== null && lines.areCrlf && lines.arePlain) {
      const around = stillSigned(message);
      if (around !== null)
        return { ok: true, message: { ...message, kept: () => enclosed(around, kept()), keptSigned: true } };
    }
    // Readers get CRLF; octets of an attachment must not be taken for line ends, and what was signed stays as it is.
    return kept === null || keptSigned || lines.areCrlf
      ? { ok: true, message }
      : { ok: true, message: { ...message, kept: () => binaryAsBase64(kept()) } };
  } catch (error) {
    if (!(error instanceof UnopenableMessageError)) throw error;
    const { code, encryptedFor } = error;
    const would = withheld.some((each) => encryptedFor.some((name) => isNamed(each, name)));
    return { ok: false, code: code === 'no-recipient' && would ? 'forwards-outside' : code, encryptedFor };
  }
}

/**
 * What makes of opaquely signed content what a reader can verify himself, in the detached form. Not where active parts of
 * it will be taken out; nor where it begins with no header, so that it may not stand in a multipart; nor where it is a
 * message in a wrapper (RFC 8551 §3.1), which mail programs would show as an attachment.
 */
function stillSigned(opened: OpenedMessage<unknown>): Around | null {
  const { layers, contentHeader, headerProtection, detachedAround } = opened;
  const wrapped = headerProtection?.scheme === 'rfc8551';
  return contentHeader === null || wrapped || layers.some(isDoubtful) ? null : detachedAround;
}

/** Encrypted so that somebody on the way may have changed it (EFAIL). */
export const isDoubtful = (layer: Layer): boolean =>
  layer.kind === 'encrypted' && layer.problems.includes('unauthenticated-encryption');

async function* enclosed(
  { before, after }: Around,
  content: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  yield before;
  yield* content;
  yield after;
}
