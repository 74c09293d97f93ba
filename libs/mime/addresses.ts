// SPDX-License-Identifier: Apache-2.0
import addressparser from 'nodemailer/lib/addressparser';
import { decodeWords, unfoldedValue, type Header } from './header.ts';

/** A mailbox with the name that people see beside it (RFC 5322 §3.4). */
export interface Mailbox {
  address: string;
  /** Decoded; absent where none is given. */
  name?: string;
}

/**
 * Reads an address list such as `Aske <aske@a.example>, b@b.example`; groups are flattened. What it returns is
 * what somebody wrote: check it as an SMTP address before it goes near an envelope.
 */
export function parseAddresses(text: string): Mailbox[] {
  return addressparser(text, { flatten: true })
    .filter(({ address }) => address !== '')
    .map(({ address, name }) => (name === '' ? { address } : { address, name: decodeWords(name) }));
}

/** The mailboxes in all fields of that name (`From`, `To`, `Cc`, `Reply-To`, …), in order. */
export function addressesOf(header: Header, name: string): Mailbox[] {
  return header.fields
    .filter((field) => field.name.toLowerCase() === name.toLowerCase())
    .flatMap((field) => parseAddresses(unfoldedValue(field)));
}

/** Whether a field of that name has somebody in its list without an address that can be read: a name alone, or all of it encoded. */
export const namesWithoutAddress = (header: Header, name: string): boolean =>
  header.fields
    .filter((field) => field.name.toLowerCase() === name.toLowerCase())
    .some((field) =>
      addressparser(unfoldedValue(field), { flatten: true }).some(({ address }) => address === ''),
    );
