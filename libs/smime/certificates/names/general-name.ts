// SPDX-License-Identifier: Apache-2.0
import {
  children,
  context,
  contextPrimitive,
  DerError,
  readDer,
  readOid,
  type DerValue,
} from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import { readDistinguishedName, type DistinguishedName } from './distinguished-name.ts';

/** GeneralName (RFC 5280 §4.2.1.6), as far as it is understood here. Texts are as written. */
export type GeneralName =
  /** rfc822Name, or a SmtpUTF8Mailbox (RFC 9598); in a constraint also a host, or a domain after a dot. */
  | { readonly kind: 'mailbox'; readonly text: string }
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'uri'; readonly text: string }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  /** 4 or 16 octets; in a constraint twice that, address and mask. */
  | { readonly kind: 'ip'; readonly octets: Buffer }
  /** Any other, which is only ever found equal in `form`. */
  | { readonly kind: 'other'; readonly form: string };

const UTF8_STRING = 0x0c;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The names of a SubjectAltName or of another GeneralNames. @throws DerError */
export const readGeneralNames = (value: DerValue): GeneralName[] =>
  children(value).map((name) => readGeneralName(name));

/** @throws DerError */
export function readGeneralName(value: DerValue): GeneralName {
  switch (value.tag) {
    case contextPrimitive(1):
      return { kind: 'mailbox', text: ascii(value.content) };
    case contextPrimitive(2):
      return { kind: 'dns', text: ascii(value.content) };
    case contextPrimitive(6):
      return { kind: 'uri', text: ascii(value.content) };
    case context(4):
      return { kind: 'directory', name: readDistinguishedName(readDer(value.content)) };
    case contextPrimitive(7):
      return { kind: 'ip', octets: value.content };
    case context(0):
      return readOtherName(value);
    default:
      return { kind: 'other', form: `[${value.tag & 0x1f}]` };
  }
}

function readOtherName(value: DerValue): GeneralName {
  const [type, wrapped] = children(value);
  if (type === undefined || wrapped?.tag !== context(0)) throw new DerError('no OtherName');
  const id = readOid(type);
  if (id !== OID.smtpUtf8Mailbox) return { kind: 'other', form: id };
  const mailbox = readDer(wrapped.content);
  if (mailbox.tag !== UTF8_STRING) throw new DerError('a SmtpUTF8Mailbox is a UTF8String');
  try {
    return { kind: 'mailbox', text: utf8.decode(mailbox.content) };
  } catch (error) {
    throw new DerError('a SmtpUTF8Mailbox is not in UTF-8', { cause: error });
  }
}

/** IA5String. An octet above 127 has no meaning in it, and must not get one by chance. */
function ascii(octets: Buffer): string {
  if (octets.some((octet) => octet > 0x7f)) throw new DerError('an IA5String is not in ASCII');
  return octets.toString('latin1');
}
