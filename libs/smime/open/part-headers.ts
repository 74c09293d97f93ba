// SPDX-License-Identifier: Apache-2.0
import { headerOf, type Header } from '@securemail/mime';
import { contentTypeOf } from '../mime/content-type.ts';

const LF = 0x0a;
const DASH = 0x2d;
/** What is kept of a line: a boundary has at most 70 characters. */
const MAX_LINE = 4096;
/** What is kept of the header of a part. */
const MAX_HEADER_LINES = 1000;
/** Multiparts, and messages, within one another. */
const MAX_NESTING = 16;

/** A message in a content, as message/rfc822. */
export interface AttachedMessage {
  /** Of the part that it is; empty where it is all of the content. */
  readonly number: string;
  readonly header: Header;
}

/** The header of a part: of the content itself, of what is in a multipart, or of an attached message. */
export interface PartHeader {
  /** As in IMAP (RFC 9051 §6.4.5): `1.2`; empty for the content itself. An attached message has that of its part. */
  readonly number: string;
  /** Read as mail programs read it: lines that are no fields are passed over. */
  readonly header: Header;
  /** The messages that it is in, from the outside in; the last may be the one whose header this is. */
  readonly within: readonly AttachedMessage[];
}

interface Multipart extends Pick<PartHeader, 'number' | 'within'> {
  readonly delimiter: string;
  parts: number;
}

/**
 * Sees the headers of all parts of a content while it passes by, in order; the content begins with its own. Holds one line
 * and one header of it. What is nested deeper than mail is, and what a message/rfc822 in base64 has in it, is not seen.
 */
export function partHeaders(see: (part: PartHeader) => void): (chunk: Buffer) => void {
  const multiparts: Multipart[] = [];
  let place: Pick<PartHeader, 'number' | 'within'> = { number: '', within: [] };
  let header: string[] | null = [];
  let isOfMessage = false;
  let line: Buffer = Buffer.alloc(0);

  const endOfHeader = (lines: readonly string[]) => {
    const read = headerOfLines(lines);
    if (isOfMessage) place = { ...place, within: [...place.within, { number: place.number, header: read }] };
    isOfMessage = false;
    see({ ...place, header: read });
    const { type, parameters } = contentTypeOf(read);
    const boundary = parameters.get('boundary');
    if (type.startsWith('multipart/') && boundary !== undefined) {
      if (multiparts.length < MAX_NESTING)
        multiparts.push({ ...place, delimiter: `--${boundary}`, parts: 0 });
    } else if (isMessage(type) && place.within.length < MAX_NESTING) {
      isOfMessage = true;
      header = [];
    }
  };
  const delimiter = (text: string): boolean => {
    const at = multiparts.findIndex((each) => text === each.delimiter || text === `${each.delimiter}--`);
    const multipart = multiparts[at];
    if (multipart === undefined) return false;
    const closes = text !== multipart.delimiter;
    multiparts.splice(closes ? at : at + 1);
    multipart.parts += 1;
    const number = [multipart.number, multipart.parts].filter((each) => each !== '').join('.');
    place = { number, within: multipart.within };
    isOfMessage = false;
    header = closes ? null : [];
    return true;
  };
  const endOfLine = (text: string) => {
    if (text.startsWith('--') && delimiter(text)) return;
    if (header === null) return;
    if (text === '') {
      const ended = header;
      header = null;
      endOfHeader(ended);
    } else if (header.length < MAX_HEADER_LINES) header.push(text);
  };

  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (header === null && line.length === 0 && chunk[at] !== DASH) {
        at = nextDashes(chunk, at);
        if (at === chunk.length) return;
      }
      const end = chunk.indexOf(LF, at);
      const piece = chunk.subarray(at, end < 0 ? chunk.length : end);
      if (line.length < MAX_LINE) line = Buffer.concat([line, piece.subarray(0, MAX_LINE)]);
      if (end < 0) return;
      endOfLine(line.toString('latin1').trimEnd());
      line = Buffer.alloc(0);
      at = end + 1;
    }
  };
}

/** The start of the next line that may be a delimiter, or else of the last one, which may go on in the next chunk. */
function nextDashes(chunk: Buffer, at: number): number {
  const next = chunk.indexOf('\n--', at, 'latin1');
  return next >= 0 ? next + 1 : Math.max(at, chunk.lastIndexOf(LF) + 1);
}

const isMessage = (type: string) => type === 'message/rfc822' || type === 'message/global';

function headerOfLines(lines: readonly string[]): Header {
  const unfolded = lines
    .join('\r\n')
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n');
  return headerOf(
    unfolded.flatMap((line) => {
      const name = line.slice(0, Math.max(line.indexOf(':'), 0)).trim();
      return name === '' ? [] : [{ name, raw: Buffer.from(`${line}\r\n`, 'latin1') }];
    }),
  );
}
