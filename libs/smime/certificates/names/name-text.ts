// SPDX-License-Identifier: Apache-2.0
import { children, DerError, readDer, readOid } from '../../asn1/der.ts';
import { readText } from './distinguished-name.ts';

/** As RFC 4514 §3 and OpenSSL write the attributes that certificates have. */
const SHORT: Readonly<Partial<Record<string, string>>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress',
};
/** UTF-16 units. It may be a stranger's. */
const LONGEST = 300;

/**
 * A Name for people, `C=DK, O=Region, CN=Authority`: by hand, as `node:crypto` shows those of whole certificates alone. Cut
 * where it is long, without control characters; empty where it can't be read.
 *
 * @param name DER.
 */
export function nameText(name: Buffer): string {
  try {
    const text = children(readDer(name)).flatMap(children).map(attributeText).join(', ');
    return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST);
  } catch (error) {
    if (error instanceof DerError) return '';
    throw error;
  }
}

function attributeText(attribute: Parameters<typeof children>[0]): string {
  const [type, value] = children(attribute);
  if (type === undefined || value === undefined) throw new DerError('no attribute');
  const id = readOid(type);
  return `${SHORT[id] ?? id}=${readText(value) ?? `#${value.bytes.toString('hex')}`}`;
}
