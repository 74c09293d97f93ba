// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';

/** A mailbox in a form in which the same mailboxes are equal texts. */
export interface Mailbox {
  /** Quoted only where it has to be. */
  readonly local: string;
  /** A-labels (RFC 5890 §2.3.2.1) in lower case. */
  readonly domain: string;
}

/**
 * Reads an address as RFC 8550 §3 and RFC 9598 §5 compare it: the domain by its A-labels, the local part octet for octet.
 * But ASCII case does not count in the local part, as it counts with no mail server; other letters are compared as
 * they are, without Unicode's equivalences, which would let one mailbox pass for another.
 *
 * @returns null for what is no `local@domain`, or has a domain that is none.
 */
export function readMailbox(address: string): Mailbox | null {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = asciiDomain(address.slice(at + 1));
  if (domain === null || !(DOT_STRING.test(local) || QUOTED_STRING.test(local))) return null;
  return { local: asciiLowered(unquoted(local)), domain };
}

/** Quotes and backslashes that need not be there make no other mailbox (RFC 5321 §4.1.2), nor a way around a constraint. */
function unquoted(local: string): string {
  if (!local.startsWith('"')) return local;
  const meant = local.slice(1, -1).replace(/\\(.)/gsu, '$1');
  return DOT_STRING.test(meant) ? meant : `"${meant.replace(/["\\]/g, '\\$&')}"`;
}

/** Whether two addresses are one mailbox. What is no address is none, not even the same. */
export function sameMailbox(one: string, other: string): boolean {
  const [a, b] = [readMailbox(one), readMailbox(other)];
  return a !== null && b !== null && a.local === b.local && a.domain === b.domain;
}

/** Dot-string (RFC 5321 §4.1.2, RFC 6531 §3.3); a bare `@` in it would leave open where it ends. */
const DOT_STRING = /^[^\s\p{Cc}@"(),:;<>[\]\\]+$/u;
const QUOTED_STRING = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"$/u;
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** A domain in A-labels and lower case; null for what is none, or where it stands for another (`%41`, full stops). */
export function asciiDomain(domain: string): string | null {
  if (/^[\x00-\x7f]*$/.test(domain)) {
    const lowered = asciiLowered(domain);
    return LABELS.test(lowered) ? lowered : null;
  }
  const labels = domainToASCII(domain);
  return LABELS.test(labels) ? labels : null;
}

export const asciiLowered = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
