// SPDX-License-Identifier: Apache-2.0
import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * Letters that people in Europe tell apart: those of Latin-1 and Latin Extended-A, without `ı`, `ĸ`, `ŀ`, `ŉ` and `ſ`, which
 * look like others; and Greek and Cyrillic, each by itself. Beyond these, how a text looks says little of what it is.
 */
const SCRIPTS = [
  /^[a-z0-9.\u00df-\u00f6\u00f8-\u0130\u0132-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u017e-]+$/u,
  /^[\p{Script=Greek}0-9.-]+$/u,
  /^[\p{Script=Cyrillic}0-9.-]+$/u,
];

/**
 * An address as people read it: the domain in letters where that is safe, for its A-labels say the same, and all of it is of one
 * script, down to the top-level domain (UTS 39 §5.2, and stricter: of a domain that looks like another one the A-labels
 * stay). For texts only; programs are told the address itself. What is no address stays as it is.
 */
export function shownAddress(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + shownDomain(address.slice(at));
}

/** An address or a domain in letters, whatever they look like: to be searched by what people type, and shown to nobody. */
export function lettersOf(addressOrDomain: string): string {
  const at = addressOrDomain.lastIndexOf('@') + 1;
  return (addressOrDomain.slice(0, at) + domainToUnicode(addressOrDomain.slice(at))).normalize('NFC');
}

function shownDomain(domain: string): string {
  if (!/(^|\.)xn--/.test(domain)) return domain;
  const letters = domainToUnicode(domain);
  const isSame = domainToASCII(letters) === domain && !letters.includes('xn--');
  return isSame && SCRIPTS.some((script) => script.test(letters)) ? letters : domain;
}
