// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { context, contextPrimitive, der, octetString, oid, sequence, setOf, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';

/** For whom a certificate is asked for or issued. */
export interface Holder {
  /** What people read. */
  commonName: string;
  /** Mailboxes that it names. */
  emails: readonly string[];
  /** Domains that it names (RFC 3183 §4: for all mail to them). */
  domains?: readonly string[];
}

const COMMON_NAME = '2.5.4.3';
const UTF8_STRING = 0x0c;
const TRUE = der(TAG.boolean, Buffer.of(0xff));
/** ub-common-name, RFC 5280 appendix A. */
const LONGEST_COMMON_NAME = 64;

/** The DER of a Name with nothing but a common name, cut off where it is longer than that may be. */
export function nameOf(commonName: string): Buffer {
  const text = Array.from(commonName).slice(0, LONGEST_COMMON_NAME).join('');
  return sequence(setOf(sequence(oid(COMMON_NAME), der(UTF8_STRING, Buffer.from(text)))));
}

/** The DER of an Extension (RFC 5280 §4.1). */
export const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octetString(value));

/** The extensions that say what the certificate of a mailbox is for (RFC 8550 §4.4), and whose it is. */
export function extensionsFor({ emails, domains = [] }: Holder, key: KeyObject): Buffer[] {
  return [
    extension(OID.basicConstraints, sequence(), true),
    extension(OID.keyUsage, key.asymmetricKeyType === 'ec' ? SIGN_AND_AGREE : SIGN_AND_ENCIPHER, true),
    extension(OID.extendedKeyUsage, sequence(oid(OID.emailProtection))),
    extension(OID.subjectAltName, sequence(...emails.map(mailbox), ...domains.map(dnsName))),
  ];
}

/** Those of an authority that issues for mailboxes, and has no authority below it. */
export const extensionsOfAuthority = (): Buffer[] => [
  extension(OID.basicConstraints, sequence(TRUE, der(TAG.integer, Buffer.of(0))), true),
  extension(OID.keyUsage, ISSUE, true),
];

/** Named bits of keyUsage without trailing zeros (X.690 §11.2.2): the first octet counts those that are left out. */
const SIGN_AND_ENCIPHER = der(TAG.bitString, Buffer.of(5, 0xa0));
const SIGN_AND_AGREE = der(TAG.bitString, Buffer.of(3, 0x88));
const ISSUE = der(TAG.bitString, Buffer.of(1, 0x06));

/** Beyond ASCII an address is a name of another kind (RFC 9598 §3). */
const mailbox = (email: string): Buffer =>
  /^[\x20-\x7e]*$/.test(email)
    ? der(contextPrimitive(1), Buffer.from(email))
    : der(context(0), oid(OID.smtpUtf8Mailbox), der(context(0), der(UTF8_STRING, Buffer.from(email))));

const dnsName = (domain: string) => der(contextPrimitive(2), Buffer.from(domain));
