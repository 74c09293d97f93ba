// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { headerOf, type Header } from '@securemail/mime';
import type { Message } from './received-message.ts';

const BASE64_LINE = /.{76}(?=.)/g;

/**
 * A text, and behind it a whole message as an attachment, octet for octet.
 *
 * @param header without the fields that say what the content is.
 * @param text CRLF lines.
 * @param attached CRLF lines, of seven or eight bits.
 */
export function explainedMessage(header: Header, text: string, attached: Message): Message {
  // Once, as it is read more than once; nobody who wrote what is attached knows it.
  const boundary = `=_${randomBytes(24).toString('base64url')}`;
  const field = (name: string, value: string) => ({ name, raw: Buffer.from(`${name}: ${value}\r\n`) });
  const outer = headerOf([
    ...header.fields,
    field('MIME-Version', '1.0'),
    field('Content-Type', `multipart/mixed; boundary="${boundary}"`),
    field('Content-Transfer-Encoding', '8bit'),
  ]);
  const before = [
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text).toString('base64').replace(BASE64_LINE, '$&\r\n'),
    `--${boundary}`,
    // It must not be encoded (RFC 2046 §5.2.1).
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: 8bit',
    'Content-Disposition: attachment; filename="message.eml"',
    '',
    '',
  ].join('\r\n');
  return async function* () {
    yield outer.toBuffer();
    yield Buffer.from(before);
    yield* attached();
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  };
}
