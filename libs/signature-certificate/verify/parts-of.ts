// SPDX-License-Identifier: Apache-2.0

const LF = 0x0a;
const CR = 0x0d;
/** White space behind a boundary (RFC 2046 §5.1.1). */
const PADDED = /^[ \t]*$/;
/** RFC 2046 §5.1.1: 70 characters; others write longer ones. */
const LONGEST_BOUNDARY = 200;

/**
 * The parts of a multipart (RFC 2046 §5.1.1), without what stands before the first and behind the last. The CRLF before a
 * delimiter belongs to it.
 *
 * @returns none where a line begins like a delimiter and goes on, which programs read differently, and where the last
 *   delimiter is missing.
 */
export function partsOf(body: Buffer, boundary: string): Buffer[] {
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) return [];
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Buffer[] = [];
  let start: number | null = null;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    const lineEnd = body.indexOf(LF, at);
    const line = body.toString('latin1', at + delimiter.length, lineEnd < 0 ? body.length : lineEnd);
    const rest = line.endsWith('\r') ? line.slice(0, -1) : line;
    const closes = rest.startsWith('--');
    if (!PADDED.test(closes ? rest.slice('--'.length) : rest)) return [];
    const end = body[at - 2] === CR ? at - 2 : at - 1;
    if (start !== null) parts.push(body.subarray(start, Math.max(start, end)));
    if (closes) return parts;
    if (lineEnd < 0) return [];
    start = lineEnd + 1;
  }
  return [];
}
