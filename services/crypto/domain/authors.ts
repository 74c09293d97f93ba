// SPDX-License-Identifier: Apache-2.0
import { domainOf, readAddress, type Address, type Channel } from '@securemail/contracts';
import { addressesOf, type Header } from '@securemail/mime';
import { sameMailbox } from '@securemail/smime';

export interface Authors {
  /** In whose name it is signed: readers compare the signer with the `From`, not with the envelope (RFC 8550 §3). */
  author: Address;
  /** All whom its `From` names (RFC 5322 §3.6.2). */
  from: readonly Address[];
}

export interface Sent {
  /** Null where it can't be read. */
  header: Header | null;
  mailFrom: Address;
  channel: Channel;
  /** Of the organisation whose mail it is. */
  ownDomains: readonly string[];
}

/** Where intake has let nobody in whom its sender may not send as; what an own mail server brings, others may have written. */
const ASKED_WHO: readonly Channel[] = ['rest', 'submission'];

/**
 * Who wrote a mail that is sent from here: whom its `From` names, where intake asked whether its sender may send as them, and
 * all of them are of this organisation, whose keys alone may sign. Else, and where he is among them, its sender.
 */
export function authorsOf({ header, mailFrom, channel, ownDomains }: Sent): Authors {
  const from = header === null ? [] : addressesOf(header, 'From').flatMap(({ address }) => readable(address));
  const [first] = from;
  const isProven = ASKED_WHO.includes(channel) && from.every((each) => ownDomains.includes(domainOf(each)));
  if (first === undefined || !isProven) return { author: mailFrom, from: [mailFrom] };
  const isAmong = from.some((each) => sameMailbox(each, mailFrom));
  return { author: isAmong ? mailFrom : first, from };
}

function readable(address: string): Address[] {
  const read = readAddress(address);
  return read.ok ? [read.address] : [];
}
