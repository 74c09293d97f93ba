// SPDX-License-Identifier: Apache-2.0
import { isAscii as isAsciiOctets } from 'node:buffer';
import type { Address } from '@securemail/contracts';
import { Problem, type ServerTakes } from '@securemail/service';
import { tooLarge } from '../checked-content.ts';

/** Octets that are added here before a mail is delivered: fields, and a Signature certificate. */
const ADDED = 256 * 1024;

/** What all of these servers take; what is not known of one is taken. */
export const takenByAll = (servers: readonly (ServerTakes | null)[]): ServerTakes =>
  servers.reduce<ServerTakes>(
    (all, one) =>
      one === null
        ? all
        : {
            maxOctets: least(all.maxOctets, one.maxOctets),
            eightBit: all.eightBit && one.eightBit,
            utf8: all.utf8 && one.utf8,
          },
    { maxOctets: null, eightBit: true, utf8: true },
  );

const least = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/**
 * What an own server does not take is not taken from others: they would believe that it arrived.
 *
 * @param declared octets, by the SIZE of MAIL (RFC 1870 §6.1); null where the client said nothing.
 * @throws Problem `message-too-large`, `smtputf8-not-taken`
 */
export function refuseBefore(
  takes: ServerTakes,
  addresses: readonly (Address | null)[],
  declared: number | null,
): void {
  const most = mostOf(takes);
  if (most !== null && declared !== null && declared > most) throw tooLarge(most);
  if (!takes.utf8 && addresses.some((each) => each !== null && !isAscii(each)))
    throw new Problem('smtputf8-not-taken', 'It has no SMTPUTF8.');
}

/**
 * Lets the message through as it is.
 *
 * @throws Problem `message-too-large`, `eight-bit-not-taken`
 */
export async function* takenContent(
  source: AsyncIterable<Buffer>,
  takes: ServerTakes,
): AsyncIterable<Buffer> {
  const most = mostOf(takes);
  let octets = 0;
  for await (const chunk of source) {
    octets += chunk.length;
    if (most !== null && octets > most) throw tooLarge(most);
    if (!takes.eightBit && !isAsciiOctets(chunk))
      throw new Problem('eight-bit-not-taken', 'It has no 8BITMIME.');
    yield chunk;
  }
}

const mostOf = ({ maxOctets }: ServerTakes) => (maxOctets === null ? null : Math.max(0, maxOctets - ADDED));

const isAscii = (text: string): boolean => isAsciiOctets(Buffer.from(text));
