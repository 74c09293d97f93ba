// SPDX-License-Identifier: Apache-2.0
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
