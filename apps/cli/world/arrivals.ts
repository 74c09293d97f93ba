// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceivedMail } from '@securemail/testing';
import { simpleParser } from 'mailparser';

/** Links into SecureMailBox that only who got the mail has: to a message, or to take one back. */
const LINK = /https?:\/\/\S+?\/mailbox\/(?:m|back)\/[\w-]+/g;

/** What somebody outside wrote in SecureMailBox, as it arrived. */
export interface Written {
  /** Whose mailbox got it. */
  to: string;
  from: string;
  subject: string;
  /** With its angle brackets. */
  messageId: string;
  /** Those before it in its thread, the oldest first. */
  references: readonly string[];
}

export interface Told {
  /** Given each link in a mail, whole: in the file it goes on behind the end of a line. */
  onLink?: ((to: string, link: string) => void) | undefined;
  onWritten?: ((written: Written) => void) | undefined;
}

/**
 * Keeps what a demo mail server gets as files that sort by time, each named for whom it is.
 */
export function arrivalsIn(
  folder: string,
  { onLink, onWritten }: Told = {},
): (mail: ReceivedMail) => Promise<void> {
  let count = 0;
  return async ({ time, rcptTo, content }) => {
    count += 1;
    // Others arrive while the folder is made.
    const number = count;
    await mkdir(folder, { recursive: true });
    const [first = 'nobody', ...others] = rcptTo;
    const readers = others.length === 0 ? first : `${first}+${others.length}`;
    const name = `${time.toISOString().replaceAll(':', '')} ${number} ${readers.replaceAll(/[^\w.@+-]/g, '_')}`;
    await writeFile(join(folder, `${name}.eml`), content);
    const {
      text = '',
      subject = '',
      messageId,
      from,
      references = [],
      headers,
    } = await simpleParser(content);
    for (const link of new Set(text.match(LINK))) onLink?.(readers, link);
    const [author] = from?.value ?? [];
    if (headers.get('x-securemail-protection') !== 'mailbox' || messageId === undefined) return;
    onWritten?.({
      to: first,
      from: author?.address ?? '',
      subject,
      messageId,
      references: [references].flat(),
    });
  };
}
