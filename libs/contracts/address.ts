// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';
import { z } from 'zod';

/**
 * An SMTP mailbox: `local-part@domain` (RFC 5321 §4.1.2, with UTF-8 by RFC 6531), the domain in lower-case
 * A-labels. Only dot-atom local parts are taken: quoted ones and address literals have no user in practice
 * and are how envelope injection is written.
 */
export type Address = string & z.core.$brand<'Address'>;

const ATEXT = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~\u{80}-\u{10FFFF}-]`;
const LOCAL_PART = new RegExp(`^${ATEXT}+(\\.${ATEXT}+)*$`, 'u');
/** ASCII that no host name has. */
const NO_LABEL = /(?![A-Za-z0-9.-])[\u0000-\u007f]/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Control, format (bidi marks) and space characters outside ASCII have no place in an envelope. */
const INVISIBLE = /[\p{C}\p{Z}]/u;

/** The longest path of RFC 5321 §4.5.3.1.3 less its angle brackets, in octets. */
const MAX_ADDRESS_OCTETS = 254;
const MAX_LOCAL_PART_OCTETS = 64;

/**
 * Reads `text` as a mailbox.
 *
 * @returns the address with its domain normalised, or the reason why it is none; the reason never repeats the text.
 */
export function readAddress(text: string): { ok: true; address: Address } | { ok: false; reason: string } {
  const refuse = (reason: string) => ({ ok: false as const, reason });
  if (INVISIBLE.test(text)) return refuse('contains a control character or a space');
  // What a decoder makes of octets that are no UTF-8: nobody's address.
  if (text.includes('\ufffd')) return refuse('is not valid UTF-8');
  const at = text.lastIndexOf('@');
  if (at < 1 || at === text.length - 1) return refuse('is not of the form local-part@domain');
  const localPart = text.slice(0, at);
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART_OCTETS) return refuse('has a local part over 64 octets');
  if (!LOCAL_PART.test(localPart)) return refuse('has a local part that is not a dot-atom (RFC 5321 §4.1.2)');
  const domain = inALabels(text.slice(at + 1));
  if (domain === null) return refuse('has a domain that is not a host name (RFC 5321 §4.1.2)');
  const address = `${localPart}@${domain}`;
  if (Buffer.byteLength(address) > MAX_ADDRESS_OCTETS) return refuse('is longer than 254 octets');
  return { ok: true, address: address as Address };
}

/** The domain in lower-case A-labels (RFC 5890), or null where it is none with at least two labels. */
function inALabels(text: string): string | null {
  // What follows belongs to the host of a URL, decoded or cut off; here it would be another domain than what was written.
  if (NO_LABEL.test(text)) return null;
  const domain = domainToASCII(text).toLowerCase();
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return null;
  if (/^\d+$/.test(labels.at(-1) ?? '')) return null;
  return domain;
}

/**
 * The mailbox behind a subaddress, `ola@…` for `ola+news@…` (RFC 5233 §1), as most mail servers deliver it; null where the
 * address has no detail.
 */
export function withoutDetail<Text extends string>(address: Text): Text | null {
  const [, local, domain] = /^([^+]+)\+.*(@[^@]+)$/.exec(address) ?? [];
  return local === undefined || domain === undefined ? null : (`${local}${domain}` as Text);
}

/** What lists and settings know an address by: neither case counts, nor how its letters are composed. */
export const foldedAddress = (address: Address): string => address.toLowerCase().normalize('NFC');

/** {@link readAddress} as a schema, for events, settings and requests. */
export const Address = z.string().transform((text, context): Address => {
  const read = readAddress(text);
  if (read.ok) return read.address;
  context.issues.push({ code: 'custom', input: text, message: `the address ${read.reason}` });
  return z.NEVER;
});

/** A domain as those of addresses are, in lower-case A-labels, however it is written; null where it is none. */
export function readDomain(text: string): string | null {
  const read = readAddress(`x@${text}`);
  return read.ok ? domainOf(read.address) : null;
}

/** The part behind the `@`, in lower-case A-labels. */
export const domainOf = (address: Address): string => address.slice(address.lastIndexOf('@') + 1);
