// SPDX-License-Identifier: Apache-2.0
import { binaryAsBase64 } from '@securemail/mime';
import {
  openMessage,
  UnopenableMessageError,
  type OpenedMessage,
  type UnopenableCode,
} from '@securemail/smime';
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
  code: UnopenableCode | 'not-neutralised';
  encryptedFor: readonly string[];
}

/** Opens a mail with the keys of these readers, as far as that goes. */
export async function openContent(
  { unwrappers }: Readers,
  received: Received,
  { vault, legacy, progressed }: OpeningMeans,
): Promise<Opened | ({ ok: false } & Closed)> {
  const lineEnds = { areCrlf: true };
  const keep = async (content: AsyncIterable<Buffer>, { whole }: { whole: boolean }) => {
    if (whole) {
      for await (const chunk of content) if (chunk.length === 0) continue;
      return null;
    }
    // Where it turns out not to open, it stays unreferenced and encrypted, until the email is erased.
    const ref = await vault.put(received, lineEndsIn(content, lineEnds));
    return () => vault.get(received, ref);
  };
  try {
    const source = tapped(vault.get(received, received.content), progressed);
    const message = await openMessage(source, { unwrappers, legacy, keepSigned: true, keep });
    const { kept, keptSigned } = message;
    // Readers get CRLF; octets of an attachment must not be taken for line ends, and what was signed stays as it is.
    return kept === null || keptSigned || lineEnds.areCrlf
      ? { ok: true, message }
      : { ok: true, message: { ...message, kept: () => binaryAsBase64(kept()) } };
  } catch (error) {
    if (!(error instanceof UnopenableMessageError)) throw error;
    return { ok: false, code: error.code, encryptedFor: error.encryptedFor };
  }
}

const CR = 0x0d;
const LONE = /\r(?!\n)|(?<!\r)\n/;

/** The content as it is, and whether each CR and LF in it is of a CRLF, once it was read. */
async function* lineEndsIn(
  content: AsyncIterable<Buffer>,
  found: { areCrlf: boolean },
): AsyncGenerator<Buffer, void, void> {
  let last = '';
  for await (const chunk of content) {
    if (found.areCrlf && chunk.length > 0) {
      const text = last + chunk.toString('latin1');
      last = text.charCodeAt(text.length - 1) === CR ? '\r' : '';
      if (LONE.test(last === '' ? text : text.slice(0, -1))) found.areCrlf = false;
    }
    yield chunk;
  }
  if (last !== '') found.areCrlf = false;
}
