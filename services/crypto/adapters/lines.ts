// SPDX-License-Identifier: Apache-2.0
/** What is known of octets once they were read. */
export interface Lines {
  /** Each CR and LF is of a CRLF. */
  areCrlf: boolean;
  /** Mail carries them unchanged: no NUL, and no line over 998 octets (RFC 5321 §4.5.3.1.6, RFC 6152). */
  arePlain: boolean;
}

const CR = 0x0d;
const LF = 0x0a;
const LONE = /\r(?!\n)|(?<!\r)\n/;
const LONGEST = 998 + '\r\n'.length;

/** The content as it is; `found` tells of it once it was read, and begins with nothing against it. */
export async function* linesIn(
  content: AsyncIterable<Buffer>,
  found: Lines,
): AsyncGenerator<Buffer, void, void> {
  let last = '';
  let open = 0;
  for await (const chunk of content) {
    if (found.areCrlf && chunk.length > 0) {
      const text = last + chunk.toString('latin1');
      last = text.charCodeAt(text.length - 1) === CR ? '\r' : '';
      if (LONE.test(last === '' ? text : text.slice(0, -1))) found.areCrlf = false;
    }
    if (found.arePlain) {
      open = longestEnd(chunk, open);
      if (open > LONGEST || chunk.includes(0)) found.arePlain = false;
    }
    yield chunk;
  }
  if (last !== '') found.areCrlf = false;
  // Whatever follows ends it.
  if (open + '\r\n'.length > LONGEST) found.arePlain = false;
}

/** @returns how long the line that is not over yet is by now; where one was too long, that one. */
function longestEnd(chunk: Buffer, open: number): number {
  let start = 0;
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, start)) {
    const length = open + at + 1 - start;
    if (length > LONGEST) return length;
    open = 0;
    start = at + 1;
  }
  return open + chunk.length - start;
}
