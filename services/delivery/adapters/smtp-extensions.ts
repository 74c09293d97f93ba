// SPDX-License-Identifier: Apache-2.0
import { isAscii as isAsciiOctets } from 'node:buffer';
import type { RecipientId } from '@securemail/contracts';
import type { Handover } from './handover.ts';
import type { SmtpSession } from './smtp-connection.ts';
import type { Lack } from './smtp-results.ts';

/**
 * Who can't be given the mail over this session, and why, before a word of it is said: it is larger than the server
 * takes (RFC 1870 §6.1), has an address outside ASCII (RFC 6531 §3.2) or content that is not 7-bit (RFC 6152 §3) that
 * the server does not offer to take.
 */
export async function lacksOf(
  { offers }: SmtpSession,
  { mailFrom, recipients, size, is8Bit }: Handover,
): Promise<Map<RecipientId, Lack>> {
  const all = (lack: Lack) => new Map(recipients.map(({ recipientId }) => [recipientId, lack]));
  if (offers.maxSize > 0 && size > offers.maxSize) return all('too-large-for-server');
  if (!offers.smtpUtf8 && !isAscii(mailFrom)) return all('smtputf8-not-supported');
  // Looked at only where it matters: who offers 8BITMIME is told that the content may be 8-bit, and that is always true.
  if (!offers.eightBit && (await is8Bit())) return all('8bit-not-supported');
  if (offers.smtpUtf8) return new Map();
  const others = recipients.filter(({ address }) => !isAscii(address));
  return new Map(others.map(({ recipientId }) => [recipientId, 'smtputf8-not-supported']));
}

const isAscii = (text: string): boolean => isAsciiOctets(Buffer.from(text));

/** Reads a content once, and keeps none of it. */
export async function anyOctetIs8Bit(content: AsyncIterable<Buffer>): Promise<boolean> {
  for await (const chunk of content) if (!isAsciiOctets(chunk)) return true;
  return false;
}
