// SPDX-License-Identifier: Apache-2.0
import type { DataOf, Reservation, Verdict } from '@securemail/contracts';
import { headerOf, type Header, type HeaderField } from '@securemail/mime';
import type { NamedCertificate, OpenedMessage } from '@securemail/smime';

/** What a reader, or a rule of a mailbox, is told of a mail that came in. */
export interface Marks {
  verdict: Verdict;
  reservations: readonly Reservation[];
  /** The addresses in the certificate of the signer who counts; empty where none does. */
  signedBy: readonly string[];
  /** How it was protected on its way to us; `mailbox`: it was written in SecureMailBox. */
  protection: 'smime' | 'tls' | 'mailbox' | 'none';
  /** Why it is as it came; null where it was opened, or nothing was to be. */
  unopened: string | null;
  /** The certificates for which it is encrypted, where it could not be opened for that. */
  encryptedFor: readonly NamedCertificate[];
  neutralised: boolean;
  /** Whether a Signature certificate is beside it. */
  certificate: DataOf<'EmailOpened'>['certificate'];
}

/** The fields that tell it; forged ones were taken off at intake. */
export function withMarks(header: Header, marks: Marks): Header {
  const fields: [string, string | null][] = [
    ['X-SecureMail-Verdict', marks.verdict],
    ['X-SecureMail-Reservations', marks.reservations.join(', ') || null],
    ['X-SecureMail-Signer', printable(marks.signedBy.join(', ')) || null],
    ['X-SecureMail-Protection', marks.protection],
    ['X-SecureMail-Unopened', marks.unopened],
    ['X-SecureMail-Encrypted-For', printable(marks.encryptedFor.map(inWords).join('; ')) || null],
    ['X-SecureMail-Neutralised', marks.neutralised ? 'yes' : null],
    [
      'X-SecureMail-Certificate',
      marks.certificate === 'no-signing-key' ? `missing; ${marks.certificate}` : null,
    ],
  ];
  return fields.reduce((all, [name, value]) => (value === null ? all : all.with(name, value)), header);
}

const inWords = (each: NamedCertificate): string => {
  if ('keyIdentifier' in each) return `key identifier ${each.keyIdentifier}`;
  return `serial number ${each.serialNumber}${each.issuer === '' ? '' : ` of ${each.issuer}`}`;
};

/** What stands in a certificate may be anything. */
const printable = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').slice(0, 500);

const isOfContent = (name: string) => /^(content-.*|mime-version)$/.test(name);
/** What only servers on the way write, or what only holds outside. */
const ON_THE_WAY =
  /^(received|return-path|delivered-to|authentication-results|arc-.*|dkim-.*|x-securemail-.*|hp-outer|bcc|resent-.*)$/;

/** What is read, and acts on nothing. */
const TELLING =
  /^(from|sender|to|cc|subject|date|message-id|in-reply-to|references|comments|keywords|importance|priority|sensitivity)$/;

/** The fields that say what the body is. */
export const contentFields = (header: Header): HeaderField[] =>
  header.fields.filter(({ name }) => isOfContent(name.toLowerCase()));

/**
 * The header as who wrote it meant it: fields that were protected with the content take the place of those that arrived
 * (RFC 9788 §4). The From stays as it arrived, unless somebody is known to have signed the other one (§4.4): anybody may
 * encrypt, and write into it whom he likes.
 *
 * @param doubtful somebody on the way may have written what is inside (EFAIL): only fields that tell its reader something are
 *   taken from there, and none by which a program sends anything anywhere, such as a receipt for having read it.
 */
export function restoredHeader(
  {
    header,
    contentHeader,
    headerProtection,
  }: Pick<OpenedMessage<unknown>, 'header' | 'contentHeader' | 'headerProtection'>,
  { fromIsSigned, doubtful }: { fromIsSigned: boolean; doubtful: boolean },
): Header {
  const arrived = header.without(isOfContent);
  if (headerProtection === null || contentHeader === null) return arrived;
  const protectedFields = contentHeader.fields.filter(({ name }) => {
    const lower = name.toLowerCase();
    if (isOfContent(lower) || ON_THE_WAY.test(lower)) return false;
    if (doubtful && !TELLING.test(lower)) return false;
    return fromIsSigned || (lower !== 'from' && lower !== 'sender');
  });
  const names = new Set(protectedFields.map(({ name }) => name.toLowerCase()));
  // Whose subject it hides outside says nothing else there, so what is not protected came by the way: it stays.
  return headerOf([...arrived.without((name) => names.has(name)).fields, ...protectedFields]);
}
