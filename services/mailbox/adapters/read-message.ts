// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AttachmentStream, EmailAddress, MailParser } from 'mailparser';
import { seenSubject } from '../domain/conversation-name.ts';
import { canBeShown, picturesIn, readableHtml } from '../domain/readable-html.ts';
import { htmlOf, WholeTextParser, wordsOf, type TextPiece } from './whole-text.ts';

/** A part that is saved, and not read in the page. */
export interface Part {
  /** Its place among them, from 1. */
  ordinal: number;
  filename: string | null;
  contentType: string;
  /** Octets, decoded. */
  size: number;
  /** The text shows it where it stands, so it need not be listed. */
  inline: boolean;
}

export interface ReadMessage {
  subject: string;
  from: readonly { name: string; address: string | null }[];
  to: readonly { name: string; address: string | null }[];
  /** Who got a copy, and may be who reads. */
  cc: readonly { name: string; address: string | null }[];
  /** As the sender says; null where he does not. */
  date: Date | null;
  text: string | null;
  /** Whether there is HTML to be shown: see `readHtml`. */
  hasHtml: boolean;
  /** Whether there is HTML that is too large, or nested too deeply, to be shown. */
  hasTooMuchHtml: boolean;
  parts: readonly Part[];
}

/** HTML that is safe to be shown by itself, and what its reader is told of it first. */
export interface ShownHtml {
  html: string;
  subject: string;
  /** In which it says that it is; null: it says nothing of that. */
  language: string | null;
}

/** Octets of all pictures that are shown in the text; what is more is saved. */
const MOST_PICTURES = 8 * 1024 * 1024;
/** Characters that they take up in it: a text may show the same one again and again. */
const MOST_SHOWN = 24 * 1024 * 1024;
const OPTIONS = { skipImageLinks: true, checksumAlgo: false } as const;

/**
 * A message as its reader sees it, in the memory of its texts: parts that are saved are counted and let go.
 *
 * @throws what the source throws.
 */
export async function readMessage(source: AsyncIterable<Buffer>): Promise<ReadMessage> {
  const parts: (Omit<Part, 'inline'> & { contentId: string | null })[] = [];
  const texts: TextPiece[] = [];
  const parser = await parsed(source, {
    text: (found) => texts.push(...found),
    async part(attachment, ordinal) {
      let size = 0;
      for await (const chunk of attachment.content) size += (chunk as Buffer).length;
      const { filename, contentType } = attachment;
      const contentId = contentIdOf(attachment);
      parts.push({ ordinal, filename: filename ?? null, contentType, size, contentId });
    },
  });
  const html = htmlOf(texts);
  const hasHtml = html !== null && canBeShown(html);
  const shown = hasHtml ? shownIn(html, parts) : new Set();
  return {
    subject: seenSubject(parser.subject ?? ''),
    from: peopleIn(parser.from),
    to: peopleIn(parser.to),
    cc: peopleIn(parser.cc),
    date: dateIn(parser),
    text: texts.length === 0 ? null : wordsOf(texts),
    hasHtml,
    hasTooMuchHtml: html !== null && !hasHtml,
    parts: parts.map(({ contentId, ...part }) => ({
      ...part,
      inline: contentId !== null && shown.has(contentId),
    })),
  };
}

/**
 * The HTML of a message, safe to be shown by itself, with its own pictures in it; null where it has none that is.
 *
 * @throws what the source throws.
 */
export async function readHtml(source: AsyncIterable<Buffer>): Promise<ShownHtml | null> {
  const texts: TextPiece[] = [];
  const pictures = new Map<string, string>();
  const fits = roomFor(MOST_PICTURES);
  const parser = await parsed(source, {
    text: (found) => texts.push(...found),
    async part(attachment) {
      const contentId = contentIdOf(attachment);
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of attachment.content) {
        size += (chunk as Buffer).length;
        if (contentId !== null && size < MOST_PICTURES) chunks.push(chunk as Buffer);
      }
      if (contentId !== null && fits(size))
        pictures.set(contentId, `${headOf(attachment)}${Buffer.concat(chunks).toString('base64')}`);
    },
  });
  const html = htmlOf(texts);
  if (html === null || !canBeShown(html)) return null;
  const hasRoom = roomFor(MOST_SHOWN);
  const shown = readableHtml(html, (contentId) => {
    const picture = pictures.get(contentId);
    return picture !== undefined && hasRoom(picture.length) ? picture : null;
  });
  return { html: shown, subject: seenSubject(parser.subject ?? ''), language: languageIn(html, parser) };
}

/** A language as one can be named (RFC 5646), which is all of it that is taken over. */
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const OF_HTML = /<html\b[^<>]*?\slang\s*=\s*["']?([^"'\s<>]+)/i;

/** Of the mail, as its HTML says it, or its header (RFC 3282); null where neither does. */
function languageIn(html: string, { headerLines }: MailParser): string | null {
  const field = headerLines === false ? undefined : headerLines.find(({ key }) => key === 'content-language');
  const [first = ''] = (field?.line.slice('content-language:'.length) ?? '').split(',');
  const said = [OF_HTML.exec(html)?.[1] ?? '', first.trim()];
  return said.find((language) => LANGUAGE.test(language)) ?? null;
}

/** What `readHtml` shows of these pictures: what it leaves out is listed. */
function shownIn(
  html: string,
  parts: readonly { contentId: string | null; contentType: string; size: number }[],
): ReadonlySet<string> {
  const fits = roomFor(MOST_PICTURES);
  const lengths = new Map<string, number>();
  for (const { contentId, contentType, size } of parts)
    if (contentId !== null && fits(size))
      lengths.set(contentId, headOf({ contentType }).length + 4 * Math.ceil(size / 3));
  const hasRoom = roomFor(MOST_SHOWN);
  return new Set(
    picturesIn(html).filter((contentId) => {
      const length = lengths.get(contentId);
      return length !== undefined && hasRoom(length);
    }),
  );
}

const headOf = ({ contentType }: Pick<AttachmentStream, 'contentType'>): string =>
  `data:${contentType};base64,`;

/** Says of one after another whether there is room for it, too; one that is too large takes none of others. */
function roomFor(most: number): (size: number) => boolean {
  let left = most;
  return (size) => {
    if (size >= left) return false;
    left -= size;
    return true;
  };
}

/** What the text calls a picture by; null for every other part. */
const contentIdOf = ({ contentId, contentType }: AttachmentStream): string | null =>
  contentId !== undefined && /^image\/(png|jpeg|gif|webp|bmp)$/i.test(contentType)
    ? contentId.replace(/^<|>$/g, '')
    : null;

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
  const failed = parsed(source, { text: () => undefined, part }, reading.signal).then(
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
  text: (found: readonly TextPiece[]) => unknown;
  part: (attachment: AttachmentStream, ordinal: number) => Promise<void>;
}

async function parsed(
  source: AsyncIterable<Buffer>,
  { text, part }: Taking,
  signal?: AbortSignal,
): Promise<MailParser> {
  const parser = new WholeTextParser(OPTIONS);
  let ordinal = 0;
  const taken: Promise<unknown>[] = [];
  const failed = new Promise<never>((_, reject) => {
    parser.on('data', (data) => {
      if (data.type === 'text') {
        text((data as unknown as { pieces: TextPiece[] }).pieces);
        return;
      }
      ordinal += 1;
      taken.push(part(data, ordinal).then(() => data.release?.(), reject));
    });
  });
  const ended = pipeline(Readable.from(source), parser, ...(signal === undefined ? [] : [{ signal }]));
  await Promise.race([ended, failed]);
  // The parser is done with its last part before whoever takes it is.
  await Promise.race([Promise.all(taken), failed]);
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
