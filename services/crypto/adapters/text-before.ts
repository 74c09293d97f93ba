// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { headerOf, type Header } from '@securemail/mime';
import type { Message } from './received-message.ts';

const BASE64_LINE = /.{76}(?=.)/g;

/**
 * A text of ours, and behind it an entity, octet for octet: a multipart/mixed.
 *
 * @param header without the fields that say what the content is.
 * @param text lines ended by CRLF.
 * @param entity a MIME entity of seven or eight bits, CRLF lines.
 */
export function textBefore(header: Header, text: string, entity: Message): Message {
  // Once, as it is read more than once; nobody who wrote the entity knows it.
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
    '',
  ].join('\r\n');
  return async function* () {
    yield outer.toBuffer();
    yield Buffer.from(before);
    yield* entity();
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  };
}

/** A whole message as an attachment; it must not be encoded (RFC 2046 §5.2.1). */
export const attachedMessage = (message: Message): Message =>
  async function* () {
    yield Buffer.from(
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n' +
        'Content-Disposition: attachment; filename="message.eml"\r\n\r\n',
    );
    yield* message();
  };
