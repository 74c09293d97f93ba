// SPDX-License-Identifier: Apache-2.0
import { headerOf, type Header, type HeaderField } from '@securemail/mime';

/** Fields in which mail programs and servers write whom a copy is for, whether the others may know or not. */
const ECHOES =
  /^(?:x-bcc|(?:x-)?apparently-to|(?:x-)?envelope-(?:to|recipients?)|(?:x-)?original-recipient|x-original-to|x-(?:md)?rcpt-?to|(?:x-)?delivered-to|x-(?:resolved|real|mdaemon-deliver)-to|x-receiver|x-gm-original-to|x-failed-recipients|x-ms-exchange-organization-(?:bcc|originalenveloperecipients))$/;
/** RFC 5321 §4.4: the recipient, where there is one; some servers name several, or write the envelope as a comment. */
const FOR =
  /(?<![ \t\r\n])[ \t\r\n]+for[ \t\r\n]+<?[^\s<>;,@]+@[^\s<>;,@]+>?(?:,[ \t\r\n]*<?[^\s<>;,@]+@[^\s<>;,@]+>?)*(?=[ \t\r\n]*[;\r(])/i;
const COMMENT = /(?<![ \t\r\n])[ \t\r\n]*\((?:envelope-to|for)[ \t\r\n][^()@]*@[^()]*\)/gi;

/**
 * What is handed in, without what servers on its way here wrote of its envelope: each recipient gets this header, and one
 * of them may be a blind copy.
 */
export const withoutEnvelopeEchoes = (header: Header): Header =>
  headerOf(header.without((name) => ECHOES.test(name)).fields.map(withoutRecipient));

function withoutRecipient(field: HeaderField): HeaderField {
  if (field.name.toLowerCase() !== 'received') return field;
  const text = field.raw.toString('latin1');
  const shorter = text.replace(FOR, '').replaceAll(COMMENT, '');
  return shorter === text ? field : { name: field.name, raw: Buffer.from(shorter, 'latin1') };
}
