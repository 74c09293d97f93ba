// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mailbox } from './addresses.ts';
import { RefusedFieldError } from './errors.ts';
import { checkFieldName, checkFieldText } from './header.ts';

export interface Attachment {
  filename: string;
  /** A media type, with parameters if need be: `application/pdf`. */
  contentType: string;
  /** Read once, as it is written. */
  content: Buffer | AsyncIterable<Uint8Array>;
}

export interface Composition {
  from: Mailbox;
  to: readonly Mailbox[];
  cc?: readonly Mailbox[] | undefined;
  subject: string;
  text?: string | undefined;
  html?: string | undefined;
  attachments?: readonly Attachment[] | undefined;
  /** Fields of the writer's own, such as `Reply-To` or `In-Reply-To`. */
  headers?: Readonly<Record<string, string>> | undefined;
  date: Date;
  /** With its angle brackets: `<unique@our-domain.example>`. */
  messageId: string;
}

/** Fields that we write, that a transport adds, or that prove something: nobody else sets them. */
const RESERVED =
  /^(from|sender|to|cc|bcc|subject|date|message-id|mime-version|return-path|received|received-spf|content-.*|resent-.*|x-securemail-.*|dkim-.*|domainkey-.*|arc-.*|authentication-results)$/i;
const MESSAGE_ID = /^<[!-;=?A-~]+@[!-;=?A-~]+>$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(\s*;[ -~]*)?$/i;
/** One `@`, nothing that means something in an address list, nothing that can't be seen. */
const HEADER_ADDRESS = /^[^\p{C}\p{Z}"(),:;<>@[\\\]]+@[^\p{C}\p{Z}"(),:;<>@[\\\]]+$/u;

/**
 * Writes a message (RFC 5322, RFC 2045): CRLF lines, 7-bit throughout (quoted-printable, base64, encoded words),
 * never a `Bcc`. An address outside ASCII has no 7-bit form and stands there in UTF-8 (RFC 6532). Nothing is fetched
 * from files or URLs.
 *
 * @returns the message as a stream, to be read once, which fails as the content of an attachment does; two compositions of the same input differ in their MIME
 *   boundaries.
 * @throws RefusedFieldError at once, before anything is written.
 */
export function composeMessage(composition: Composition): AsyncIterable<Buffer> {
  const headers = Object.entries(composition.headers ?? {});
  for (const [name, value] of headers) checkOwnField(name, value);
  checkFieldText('the subject', composition.subject);
  if (!MESSAGE_ID.test(composition.messageId)) {
    throw new RefusedFieldError('bad-message-id', 'the Message-ID is not of the form <left@right>');
  }
  if (Number.isNaN(composition.date.getTime())) {
    throw new RefusedFieldError('bad-value', 'the date is no point in time');
  }
  const message = new MailComposer({
    from: mailbox(composition.from),
    to: composition.to.map(mailbox),
    cc: (composition.cc ?? []).map(mailbox),
    subject: composition.subject,
    ...(composition.text === undefined ? {} : { text: withLineFeeds(composition.text) }),
    ...(composition.html === undefined ? {} : { html: withLineFeeds(composition.html) }),
    attachments: (composition.attachments ?? []).map(attachment),
    headers: headers.map(([key, value]) => ({ key, value })),
    date: composition.date,
    messageId: composition.messageId,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return message.createReadStream() as AsyncIterable<Buffer>;
}

/** The composer turns LF and CRLF into CRLF, but would let a lone CR through. */
const withLineFeeds = (text: string) => text.replace(/\r\n?/g, '\n');

function checkOwnField(name: string, value: string): void {
  checkFieldName(name);
  if (RESERVED.test(name)) {
    throw new RefusedFieldError('reserved-name', `the header ${name} is not yours to set`);
  }
  checkFieldText(`the header ${name}`, value);
}

function mailbox({ address, name }: Mailbox): { address: string; name: string } {
  checkFieldText('the name beside an address', name ?? '');
  if (!HEADER_ADDRESS.test(address)) {
    throw new RefusedFieldError('bad-address', 'an address is not of the form local-part@domain');
  }
  return { address, name: name ?? '' };
}

function attachment({ filename, contentType, content }: Attachment) {
  checkFieldText('the name of an attachment', filename);
  if (!MEDIA_TYPE.test(contentType) || /^multipart\//i.test(contentType)) {
    throw new RefusedFieldError('bad-content-type', 'the content type of an attachment is no media type');
  }
  // A message/* part may not be encoded (RFC 2046 §5.2.1) and need not be 7-bit: it travels as plain bytes.
  const opaque = /^message\//i.test(contentType);
  return {
    filename,
    contentType: opaque ? 'application/octet-stream' : contentType,
    content: Symbol.asyncIterator in content ? Readable.from(content) : content,
  };
}
