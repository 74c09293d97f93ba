// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MailParser, type AttachmentStream, type EmailAddress } from 'mailparser';
import { readableHtml } from '../domain/readable-html.ts';

/** A part that is saved, and not read in the page. */
export interface Part {
  /** Its place among them, from 1. */
  ordinal: number;
  filename: string | null;
  contentType: string;
  /** Octets, decoded. */
  size: number;
  /** The text shows it where it stands. */
  inline: boolean;
}

export interface ReadMessage {
  subject: string;
  from: readonly { name: string; address: string | null }[];
  to: readonly { name: string; address: string | null }[];
  /** As the sender says; null where he does not. */
  date: Date | null;
  text: string | null;
  /** Safe to be shown by itself; null where it has none. */
  html: string | null;
  parts: readonly Part[];
}

/** Octets of HTML; what is longer is shown as text. */
const LONGEST_HTML = 2 * 1024 * 1024;
const OPTIONS = { skipTextToHtml: true, skipImageLinks: true, checksumAlgo: false } as const;

/**
 * A message as its reader sees it, in the memory of its texts: parts that are saved are counted and let go.
 *
 * @param placeOf where a part can be fetched, as it stands in the HTML.
 * @throws what the source throws.
 */
export async function readMessage(
  source: AsyncIterable<Buffer>,
  placeOf: (ordinal: number) => string,
): Promise<ReadMessage> {
  const parts: Part[] = [];
  const pictures = new Map<string, number>();
  const texts: { html?: string; text?: string } = {};
  const parser = await parsed(source, {
    text: (found) => Object.assign(texts, found),
    async part(attachment, ordinal) {
      let size = 0;
      for await (const chunk of attachment.content) size += (chunk as Buffer).length;
      const { filename, contentType, contentId, related } = attachment;
      const isPicture = contentId !== undefined && /^image\/(png|jpeg|gif|webp|bmp)$/i.test(contentType);
      if (isPicture) pictures.set(contentId.replace(/^<|>$/g, ''), ordinal);
      parts.push({
        ordinal,
        filename: filename ?? null,
        contentType,
        size,
        inline: related === true && isPicture,
      });
    },
  });
  const { html, text = null } = texts;
  return {
    subject: parser.subject ?? '',
    from: peopleIn(parser.from),
    to: peopleIn(parser.to),
    date: dateIn(parser),
    text,
    html:
      html === undefined || Buffer.byteLength(html) > LONGEST_HTML
        ? null
        : readableHtml(html, (contentId) => {
            const ordinal = pictures.get(contentId);
            return ordinal === undefined ? null : placeOf(ordinal);
          }),
    parts,
  };
}

export interface OpenPart {
  filename: string | null;
  contentType: string;
  /** To be read once; fails where the source does. */
  content: Readable;
}

/** One part of a message; null where there is no such part. Behind it the source is read no further. */
export async function openPart(source: AsyncIterable<Buffer>, wanted: number): Promise<OpenPart | null> {
  const reading = new AbortController();
  const { promise: found, resolve: find } = Promise.withResolvers<OpenPart | null>();
  let content: Readable | null = null;
  const part: Taking['part'] = async (attachment, ordinal) => {
    if (ordinal !== wanted) {
      attachment.content.resume();
      await ended(attachment.content);
      return;
    }
    content = attachment.content;
    find({ filename: attachment.filename ?? null, contentType: attachment.contentType, content });
    await ended(content);
    reading.abort();
  };
  const failed = parsed(source, { part }, reading.signal).then(
    () => null,
    (error: unknown) => (reading.signal.aborted ? null : asError(error)),
  );
  void failed.then((error) => {
    // Whoever reads it is told that it is not whole.
    if (error !== null) content?.destroy(error);
    find(null);
  });
  const opened = await found;
  if (opened !== null) return opened;
  const error = await failed;
  if (error !== null) throw error;
  return null;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const ended = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    stream.once('end', resolve).once('close', resolve);
  });

interface Taking {
  text?: (found: { html?: string; text?: string }) => unknown;
  part: (attachment: AttachmentStream, ordinal: number) => Promise<void>;
}

async function parsed(
  source: AsyncIterable<Buffer>,
  { text, part }: Taking,
  signal?: AbortSignal,
): Promise<MailParser> {
  const parser = new MailParser(OPTIONS);
  let ordinal = 0;
  const failed = new Promise<never>((_, reject) => {
    parser.on('data', (data) => {
      if (data.type === 'text') {
        text?.(data);
        return;
      }
      ordinal += 1;
      part(data, ordinal).then(() => data.release?.(), reject);
    });
  });
  const ended = pipeline(Readable.from(source), parser, ...(signal === undefined ? [] : [{ signal }]));
  await Promise.race([ended, failed]);
  return parser;
}

/** The parser takes the time it is for one that it can't read. */
function dateIn({ headerLines }: MailParser): Date | null {
  const field = headerLines === false ? undefined : headerLines.find(({ key }) => key === 'date');
  const date = new Date(field?.line.slice('date:'.length).trim() ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}

const peopleIn = (field: MailParser['from'] | MailParser['to']) =>
  [field ?? []].flat().flatMap(({ value }) => flat(value));

const flat = (people: readonly EmailAddress[]): { name: string; address: string | null }[] =>
  people.flatMap(({ name, address, group }) =>
    group === undefined ? [{ name, address: address ?? null }] : flat(group),
  );
