// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { Mailbox } from './addresses.ts';
import { RefusedFieldError } from './errors.ts';
import { checkFieldName, checkFieldText, newField } from './header.ts';

export interface Attachment {
  filename: string;
  /** A media type, with parameters if need be: `application/pdf`. */
  contentType: string;
  /** Read once, as it is written. */
  content: Buffer | AsyncIterable<Uint8Array>;
  /** Of a `message/rfc822`: that it is 7-bit (`isSevenBit`), so that it may stand there as what it is. */
  isSevenBit?: boolean | undefined;
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
  /** Makes it a report for machines, too, of which all else is the part for people. */
  report?: Report | undefined;
}

/** Of a `multipart/report; report-type=delivery-status` (RFC 6522), whose mail has text and HTML. Groups of fields, each line at most 998 octets. */
export interface Report {
  /** The fields of `message/delivery-status` (RFC 3464 §2.1), of the message first and then of each recipient. */
  status: readonly (readonly Field[])[];
  /** Fields of the message that is reported on (`text/rfc822-headers`). */
  header: readonly Field[];
}

/** Name and value of a field; written in ASCII, encoded words where it has to be. */
export type Field = readonly [name: string, value: string];

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
  const head = {
    from: mailbox(composition.from),
    to: composition.to.map(mailbox),
    cc: (composition.cc ?? []).map(mailbox),
    subject: composition.subject,
    headers: headers.map(([key, value]) => ({ key, value })),
    date: composition.date,
    messageId: composition.messageId,
  };
  const body = {
    ...(composition.text === undefined ? {} : { text: withLineFeeds(composition.text) }),
    ...(composition.html === undefined ? {} : { html: withLineFeeds(composition.html) }),
    attachments: (composition.attachments ?? []).map(attachment),
  };
  const { report } = composition;
  const message =
    report === undefined
      ? compiled({ ...head, ...body })
      : reportOf(
          compiled(head),
          { childNodes: compiled(body).childNodes, attached: body.attachments.length > 0 },
          fieldsOf(report.status),
          fieldsOf([report.header]),
        );
  return message.createReadStream() as AsyncIterable<Buffer>;
}

const compiled = (mail: ConstructorParameters<typeof MailComposer>[0]): MimeNode =>
  new MailComposer({
    ...mail,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();

function reportOf(message: MimeNode, parts: Words, status: string, header: string): MimeNode {
  message.setHeader('Content-Type', 'multipart/report; report-type=delivery-status');
  // Anew and not as it was compiled: that was given a Message-ID, which a part has none of.
  const words = message.createChild(parts.attached ? 'multipart/mixed' : 'multipart/alternative');
  for (const part of [...parts.childNodes]) words.appendChild(part);
  const add = (contentType: string, content: string) =>
    message.createChild(contentType).setHeader('Content-Transfer-Encoding', '7bit').setContent(content);
  add('message/delivery-status', status);
  add('text/rfc822-headers', header);
  return message;
}

interface Words {
  childNodes: readonly MimeNode[];
  attached: boolean;
}

/** @throws RefusedFieldError */
const fieldsOf = (groups: Report['status']): string =>
  groups
    .map((fields) => fields.map(([name, value]) => newField(name, value).raw.toString('latin1')).join(''))
    .join('\r\n');

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

function attachment({ filename, contentType, content, isSevenBit = false }: Attachment) {
  checkFieldText('the name of an attachment', filename);
  if (!MEDIA_TYPE.test(contentType) || /^multipart\//i.test(contentType)) {
    throw new RefusedFieldError('bad-content-type', 'the content type of an attachment is no media type');
  }
  const written = { filename, content: Symbol.asyncIterator in content ? Readable.from(content) : content };
  if (isSevenBit && /^message\/rfc822$/i.test(contentType))
    return {
      ...written,
      contentType,
      contentDisposition: 'attachment' as const,
      contentTransferEncoding: '7bit' as const,
    };
  // A message/* part may not be encoded (RFC 2046 §5.2.1), and one that is not 7-bit not every server takes: it travels as plain bytes.
  const opaque = /^message\//i.test(contentType);
  return { ...written, contentType: opaque ? 'application/octet-stream' : contentType };
}
