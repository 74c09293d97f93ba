// SPDX-License-Identifier: Apache-2.0
import { headerIn, headerOf, type Header } from '@securemail/mime';
import PostalMime from 'postal-mime';
import { readReport, reportedOn, type DeliveryReport } from '../domain/delivery-report.ts';
import { readQmailReport } from '../domain/qmail-report.ts';

/** What a report says stands before what it returns; the rest of a mail of any size is not looked at. */
const MOST_OCTETS = 512 * 1024;

/** The delivery report that a mail is (RFC 3464); null where it is none, or can not be understood. */
export async function reportIn(content: AsyncIterable<Uint8Array>): Promise<DeliveryReport | null> {
  const parser = new PostalMime({
    forceRfc822Attachments: true,
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: 5,
    maxHeadersSize: 256 * 1024,
  });
  try {
    const { attachments, headers, text } = await parser.parse(await beginningOf(content));
    const report = headersOf(headers);
    if (isText(report)) return inWords(text ?? '');
    const status = attachments.find(({ mimeType }) => STATUS.test(mimeType));
    const original = attachments.find(({ mimeType }) => RETURNED.test(mimeType));
    if (status === undefined) return null;
    const groups = octets(status.content)
      .toString('latin1')
      .split(/(?:\r?\n[ \t]*){2,}/)
      .filter((group) => group.trim() !== '')
      .map(headerOfText);
    const returned = original === undefined ? null : headerAtTop(octets(original.content).toString('latin1'));
    return readReport(reportedOn(report, returned), groups);
  } catch {
    // Whatever is wrong with it, it is a mail, and is delivered as one.
    return null;
  }
}

const isText = (report: Header): boolean => /^\s*(text\/plain\b|$)/i.test(report.get('Content-Type') ?? '');

function inWords(text: string): DeliveryReport | null {
  const report = readQmailReport(text);
  if (report === null) return null;
  const messageId = reportedOn(headerOf([]), headerAtTop(report.returned));
  return messageId === null ? null : { ...report, messageId };
}

/** The few fields that tell what a report is, and what it is about. */
const headersOf = (headers: readonly { originalKey: string; value: string }[]): Header =>
  headers
    .filter(({ originalKey }) => /^(content-type|in-reply-to|references)$/i.test(originalKey))
    .reduce(
      (all, { originalKey, value }) => all.with(originalKey, value.replaceAll(/\s+/g, ' ')),
      headerOf([]),
    );

const headerAtTop = (text: string): Header => headerOfText(text.split(/\r?\n\r?\n/, 1)[0] ?? '');

const STATUS = /^message\/(global-)?delivery-status$/i;
const RETURNED = /^(message\/(rfc822|global)|text\/rfc822-headers|message\/global-headers)$/i;

const octets = (content: ArrayBuffer | Uint8Array | string): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);

const headerOfText = (text: string): Header =>
  headerIn(Buffer.from(`${text.trim().replaceAll(/\r?\n/g, '\r\n')}\r\n\r\n`, 'latin1'));

async function beginningOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST_OCTETS) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_OCTETS);
}
