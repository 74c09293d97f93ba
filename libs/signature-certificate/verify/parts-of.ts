// SPDX-License-Identifier: Apache-2.0

const LF = 0x0a;
const CR = 0x0d;
/** White space behind a boundary (RFC 2046 §5.1.1). */
const PADDED = /^[ \t]*$/;
/** RFC 2046 §5.1.1: 70 characters; others write longer ones. */
const LONGEST_BOUNDARY = 200;

export interface Parts {
  readonly parts: readonly Buffer[];
  /** Nothing stands before the first or behind the last, where a program that errs over the boundary might look. */
  readonly bare: boolean;
}

const NONE: Parts = { parts: [], bare: false };

/**
 * The parts of a multipart (RFC 2046 §5.1.1). The CRLF before a delimiter belongs to it.
 *
 * @returns none where a line begins like a delimiter and goes on, which programs read differently, and where the last
 *   delimiter is missing.
 */
export function partsOf(body: Buffer, boundary: string): Parts {
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) return NONE;
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Buffer[] = [];
  let start: number | null = null;
  let first = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    if (first < 0) first = at;
    const lineEnd = body.indexOf(LF, at);
    const line = body.toString('latin1', at + delimiter.length, lineEnd < 0 ? body.length : lineEnd);
    const rest = line.endsWith('\r') ? line.slice(0, -1) : line;
    const closes = rest.startsWith('--');
    if (!PADDED.test(closes ? rest.slice('--'.length) : rest)) return NONE;
    const end = body[at - 2] === CR ? at - 2 : at - 1;
    if (start !== null) parts.push(body.subarray(start, Math.max(start, end)));
    if (closes) {
      const behind = lineEnd < 0 ? body.length : lineEnd + 1;
      return { parts, bare: isBlank(body.subarray(0, first)) && isBlank(body.subarray(behind)) };
    }
    if (lineEnd < 0) return NONE;
    start = lineEnd + 1;
  }
  return NONE;
}

/** Some servers add empty lines at the end. */
const isBlank = (bytes: Buffer) =>
  bytes.length <= 100 && bytes.every((octet) => octet === CR || octet === LF);
