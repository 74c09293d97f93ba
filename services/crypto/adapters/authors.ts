// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { addressesOf, MalformedMessageError, readHeader } from '@securemail/mime';
import { sameMailbox } from '@securemail/smime';
import { ContentDamagedError, ContentMissingError } from '@securemail/vault';
import type { Message } from './received-message.ts';

export interface Authors {
  /** In whose name it is signed: readers compare the signer with the `From`, not with the envelope (RFC 8550 §3). */
  author: Address;
  /** All whom its `From` names (RFC 5322 §3.6.2). */
  from: readonly Address[];
}

/**
 * Who wrote a mail that is sent from here, by its header; intake let nobody in whom its sender may not send as. The
 * sender of its envelope where they are among them, and where its header can't be read: making the message meets that
 * again, and holds it.
 */
export async function authorsOf(message: Message, mailFrom: Address): Promise<Authors> {
  const from = await namedIn(message);
  const [first] = from;
  if (first === undefined) return { author: mailFrom, from: [mailFrom] };
  const isAmong = from.some((each) => sameMailbox(each, mailFrom));
  return { author: isAmong ? mailFrom : first, from };
}

async function namedIn(message: Message): Promise<Address[]> {
  try {
    const { header, body } = await readHeader(message());
    // Closes it: nothing more of it is read here.
    for await (const _ of body) break;
    return addressesOf(header, 'From').flatMap(({ address }) => {
      const read = readAddress(address);
      return read.ok ? [read.address] : [];
    });
  } catch (error) {
    if (UNREADABLE.some((fault) => error instanceof fault)) return [];
    throw error;
  }
}

const UNREADABLE = [MalformedMessageError, ContentDamagedError, ContentMissingError];
