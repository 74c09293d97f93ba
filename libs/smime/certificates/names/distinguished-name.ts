// SPDX-License-Identifier: Apache-2.0
import { children, DerError, readOid, TAG, type DerValue } from '../../asn1/der.ts';

/** The RDNs of a Name, root first, each in a form in which equal RDNs are equal texts. */
export type DistinguishedName = readonly string[];

const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf16 = new TextDecoder('utf-16be', { fatal: true });
const latin1 = (octets: Buffer) => octets.toString('latin1');

/** The string types of a DirectoryString, IA5String and the like, by their tags. */
const DECODERS: Readonly<Partial<Record<number, (octets: Buffer) => string>>> = {
  0x0c: (octets) => utf8.decode(octets),
  0x12: latin1,
  0x13: latin1,
  0x14: latin1,
  0x16: latin1,
  0x1a: latin1,
  0x1e: (octets) => utf16.decode(octets),
};

/**
 * Reads a Name so that names can be compared (RFC 5280 §7.1): letters in lower case after NFKC, white space trimmed and
 * never twice, whatever string type carries them; the attributes of one RDN in any order. It is the rule of RFC 4518
 * without its table of prohibited characters, which only ever make names differ.
 *
 * @throws DerError
 */
export function readDistinguishedName(value: DerValue): DistinguishedName {
  if (value.tag !== TAG.sequence) throw new DerError('no Name');
  return children(value).map(readRdn);
}

/** Equal for equal names, and for no others. */
export const nameKey = (name: DistinguishedName): string => JSON.stringify(name);

/** RelativeDistinguishedName, also where a distribution point names itself relative to its issuer. @throws DerError */
export function readRdn(value: DerValue): string {
  if (value.content.length === 0) throw new DerError('an RDN without attributes');
  return JSON.stringify(children(value).map(comparable).toSorted());
}

/** Whether a name lies in the subtree under another (RFC 5280 §4.2.1.10). */
export const isWithin = (name: DistinguishedName, base: DistinguishedName): boolean =>
  base.length <= name.length && base.every((rdn, i) => rdn === name[i]);

function comparable(attribute: DerValue): string {
  const [type, value, ...more] = attribute.tag === TAG.sequence ? children(attribute) : [];
  if (type === undefined || value === undefined || more.length > 0) throw new DerError('no attribute');
  const text = readText(value);
  return `${readOid(type)}=${text === null ? `#${value.bytes.toString('hex')}` : prepared(text)}`;
}

/** The text of an attribute, as written; null where it is of no string type. @throws DerError */
export function readText({ tag, content }: DerValue): string | null {
  try {
    return DECODERS[tag]?.(content) ?? null;
  } catch (error) {
    throw new DerError('a string is not in its encoding', { cause: error });
  }
}

const prepared = (value: string) =>
  value.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim();
