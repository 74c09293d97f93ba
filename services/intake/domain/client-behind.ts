// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';
import type { Client } from './trace-fields.ts';

/** Fields of filters in a row; more of them are no way that mail takes. */
const MOST_FILTERS = 10;

/**
 * Who handed a mail to the filter in front of us, by the newest Received field, which is the filter's (RFC 5321 §4.4); where
 * that names another filter, or the same machine, by the one before it. Null where a field does not name one address alone:
 * what a client may have written into it decides nothing.
 *
 * @param isTrusted whether an address is that of such a filter.
 */
export function clientBehind(header: Header, isTrusted: (address: string) => boolean): Client | null {
  for (const field of header.getAll('Received').slice(0, MOST_FILTERS)) {
    const client = clientIn(field);
    if (client === null || !isTrusted(client.address)) return client;
  }
  return null;
}

/** An address as a server writes it beside the name that a client gave: `[192.0.2.1]`, `[IPv6:2001:db8::1]` or `(192.0.2.1)`. */
const ADDRESS = /[[(](?:IPv6:)?((?:\d{1,3}\.){3}\d{1,3}|[\da-f]*:[\da-f:.]+)[\])]/gi;

/** Of what a server writes of one hand-over; a longer field is somebody's who wants work done for nothing. */
const LONGEST_FIELD = 2_048;

function clientIn(received: string): Client | null {
  if (received.length > LONGEST_FIELD) return null;
  // eslint-disable-next-line regexp/no-super-linear-backtracking -- Its text has LONGEST_FIELD characters at most.
  const [, name = '', seen = ''] = /^\s*from\s+(\S+)(.*)\sby\s/is.exec(received) ?? [];
  const addresses = new Set([...seen.matchAll(ADDRESS)].map(([, address = '']) => address.toLowerCase()));
  const [address] = addresses;
  return address === undefined || addresses.size > 1 ? null : { name, address };
}
