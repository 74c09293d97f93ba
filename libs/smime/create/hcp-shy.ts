// SPDX-License-Identifier: Apache-2.0
import { dateTimeOf } from '@securemail/mime';
import { hcpBaseline, type HeaderConfidentialityPolicy } from './header-protection.ts';

/**
 * `hcp_shy` (RFC 9788 §3.2.2): as `hcpBaseline`, and From, To and Cc show addresses without names, Date the time in UTC.
 * A field that is not of the form of RFC 5322 (a group, an address beyond ASCII, an obsolete date) stands as it is, as
 * the RFC has it.
 */
export const hcpShy: HeaderConfidentialityPolicy = (name, value, written) => {
  switch (name) {
    case 'from': {
      const addresses = mailboxesIn(written);
      return addresses?.length === 1 ? addresses.join() : value;
    }
    case 'to':
    case 'cc':
      return mailboxesIn(written)?.join(', ') ?? value;
    case 'date':
      return inUtc(written) ?? value;
    default:
      return hcpBaseline(name, value, written);
  }
};

const ATEXT = String.raw`[\w!#$%&'*+/=?^${'`'}{|}~-]`;
const DOT_ATOM = String.raw`${ATEXT}+(?:\.${ATEXT}+)*`;
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const COMMENT = String.raw`\([^()\\]*\)`;
const CFWS = String.raw`(?:\s|${COMMENT})*`;
const ADDR_SPEC = String.raw`(?:${DOT_ATOM}|${QUOTED})@(?:${DOT_ATOM}|\[[!-Z^-~]*\])`;
/** One character a step, lest a long name without address be tried in ever more ways. */
const PHRASE = String.raw`(?:${ATEXT}|[.\s\u0080-\uffff]|${QUOTED}|${COMMENT})*`;

/** A mailbox (RFC 5322 §3.4) and the comma or end behind it; names may be as people write them. */
const MAILBOX = new RegExp(
  String.raw`(?:${CFWS}(${ADDR_SPEC})|${PHRASE}<${CFWS}(${ADDR_SPEC})${CFWS}>)${CFWS}(,|$)`,
  'y',
);

/** The addr-specs of a mailbox-list; null where it is none. */
function mailboxesIn(written: string): string[] | null {
  const addresses: string[] = [];
  const mailbox = new RegExp(MAILBOX);
  for (;;) {
    const found = mailbox.exec(written);
    const address = found?.[1] ?? found?.[2];
    if (address === undefined) return null;
    addresses.push(address);
    if (found?.[3] === '') return addresses;
  }
}

/** A date-time (RFC 5322 §3.3), with what comes in mail of its obsolete zones, and a comment behind it. */
const DATE_TIME = new RegExp(
  String.raw`^((?:[a-z]{3},)?\s*\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?\s+(?:[+-]\d{4}|UT|GMT|[ECMP][SD]T))${CFWS}$`,
  'i',
);

/** The same moment, in the zone +0000. */
function inUtc(written: string): string | null {
  const moment = new Date(DATE_TIME.exec(written)?.[1] ?? Number.NaN);
  return Number.isNaN(moment.getTime()) ? null : dateTimeOf(moment);
}
