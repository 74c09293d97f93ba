// SPDX-License-Identifier: Apache-2.0
import { readContentType, type ContentType } from '../mime/content-type.ts';

const LF = 0x0a;
/** What is kept of a line: a boundary has at most 70 characters. */
const MAX_LINE = 4096;
/** What is kept of the header of a part. */
const MAX_HEADER_LINES = 1000;
/** A mail has one or two. */
const MAX_FOUND = 1000;
/** Multiparts within multiparts. */
const MAX_NESTING = 16;

interface Multipart {
  readonly delimiter: string;
  /** As in IMAP: `1.2`; empty for the content itself. */
  readonly number: string;
  parts: number;
}

/**
 * Looks for the parts of a content that begin with a Legacy Display Element, `hp-legacy-display="1"` in their
 * Content-Type (RFC 9788 §2.1.2), while it passes by. Holds one line and one header of it.
 */
export function legacyDisplayFinder() {
  const found: string[] = [];
  const multiparts: Multipart[] = [];
  let number = '';
  let header: string[] | null = [];
  let line = Buffer.alloc(0);

  const endOfHeader = (lines: readonly string[]) => {
    const contentType = contentTypeIn(lines);
    const boundary = contentType.parameters.get('boundary');
    if (contentType.type.startsWith('multipart/') && boundary !== undefined) {
      if (multiparts.length < MAX_NESTING) multiparts.push({ delimiter: `--${boundary}`, number, parts: 0 });
    } else if (hasElement(contentType) && found.length < MAX_FOUND) found.push(number === '' ? '1' : number);
  };
  const delimiter = (text: string): boolean => {
    const at = multiparts.findIndex((each) => text === each.delimiter || text === `${each.delimiter}--`);
    const multipart = multiparts[at];
    if (multipart === undefined) return false;
    const closes = text !== multipart.delimiter;
    multiparts.splice(closes ? at : at + 1);
    multipart.parts += 1;
    number = [multipart.number, multipart.parts].filter((each) => each !== '').join('.');
    header = closes ? null : [];
    return true;
  };
  const endOfLine = (text: string) => {
    if (text.startsWith('--') && delimiter(text)) return;
    if (header === null) return;
    if (text === '') {
      endOfHeader(header);
      header = null;
    } else if (header.length < MAX_HEADER_LINES) header.push(text);
  };

  return {
    update(chunk: Buffer): void {
      for (let at = 0; at < chunk.length;) {
        const end = chunk.indexOf(LF, at);
        const piece = chunk.subarray(at, end < 0 ? chunk.length : end);
        if (line.length < MAX_LINE) line = Buffer.concat([line, piece.subarray(0, MAX_LINE)]);
        if (end < 0) return;
        endOfLine(line.toString('latin1').trimEnd());
        line = Buffer.alloc(0);
        at = end + 1;
      }
    },
    parts: (): readonly string[] => found,
  };
}

function hasElement({ type, parameters }: ContentType): boolean {
  return (type === 'text/plain' || type === 'text/html') && parameters.get('hp-legacy-display') === '1';
}

function contentTypeIn(lines: readonly string[]): ContentType {
  const unfolded = lines
    .join('\r\n')
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n');
  const field = unfolded.find((each) => /^content-type[ \t]*:/i.test(each)) ?? '';
  return readContentType(field.slice(field.indexOf(':') + 1));
}
