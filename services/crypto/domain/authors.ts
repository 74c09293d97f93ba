// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { addressesOf, type Header } from '@securemail/mime';
import { sameMailbox } from '@securemail/smime';

export interface Authors {
  /** In whose name it is signed: readers compare the signer with the `From`, not with the envelope (RFC 8550 §3). */
  author: Address;
  /** All whom its `From` names (RFC 5322 §3.6.2). */
  from: readonly Address[];
}

/**
 * Who wrote a mail that is sent from here; intake let nobody in whom its sender may not send as.
 *
 * @param header null where it can't be read.
 * @param mailFrom who it is where the header names nobody, or names him among others.
 */
export function authorsOf(header: Header | null, mailFrom: Address): Authors {
  const from = header === null ? [] : addressesOf(header, 'From').flatMap(({ address }) => readable(address));
  const [first] = from;
  if (first === undefined) return { author: mailFrom, from: [mailFrom] };
  const isAmong = from.some((each) => sameMailbox(each, mailFrom));
  return { author: isAmong ? mailFrom : first, from };
}

function readable(address: string): Address[] {
  const read = readAddress(address);
  return read.ok ? [read.address] : [];
}
