// SPDX-License-Identifier: Apache-2.0
import type { ByteQueue } from '../asn1/byte-queue.ts';
import type { Chunks, Waiting } from '../flow/flow.ts';
import { findLine, WINDOW } from '../simd/lines.ts';

/** What ended a part: a delimiter, the close-delimiter, or the end of the source. */
export type PartEnd = 'next' | 'close' | 'cut-off';

/** A line starts with the boundary and goes on: some programs would take it for a delimiter, others would not. */
export class AmbiguousBoundaryError extends Error {
  override name = 'AmbiguousBoundaryError';
}

const CR = 0x0d;
const LF = 0x0a;
/** White space behind a boundary (RFC 2046 §5.1.1). */
const MAX_PADDING = 1000;

/**
 * What stands until the next delimiter line, which is taken as well. The line end before it belongs to it (RFC 2046
 * §5.1.1), so a part comes out as it was signed. The queue must stand at the start of a line.
 *
 * @param canonical whether a bare LF becomes CRLF (RFC 8551 §3.1.1). A lone CR stays, as it does in other programs.
 * @throws AmbiguousBoundaryError
 */
export function* untilDelimiter(queue: ByteQueue, boundary: string, canonical = false): Chunks<PartEnd> {
  const start = Buffer.from(`--${boundary}`, 'latin1');
  let afterCr = false;
  const take = (count: number, bareLf: boolean) => {
    const bytes = queue.take(count);
    const taken = canonical && bareLf ? withCrlf(bytes, afterCr) : bytes;
    afterCr = bytes.at(-1) === CR;
    return taken;
  };
  yield* queue.has(start.length);
  if (queue.held.subarray(0, start.length).equals(start)) return yield* delimiter(queue, start.length);
  for (;;) {
    const text = queue.held.subarray(0, WINDOW);
    const { at, bareLf } = findLine(text, start, afterCr);
    if (at >= 0) {
      const end = at > 0 && text[at - 1] === CR ? at - 1 : at;
      if (end > 0) yield take(end, bareLf);
      return yield* delimiter(queue, at - end + 1 + start.length);
    }
    const sure = text.length - startedDelimiter(text, start);
    if (sure > 0) yield take(sure, bareLf);
    if (text.length === WINDOW || (yield* queue.has(queue.held.length + 1))) continue;
    if (queue.held.length > 0) yield take(queue.held.length, bareLf);
    return 'cut-off';
  }
}

/** Octets at the end that may be the start of a line end and a delimiter. */
function startedDelimiter(text: Buffer, start: Buffer): number {
  const lineEnd = text.lastIndexOf(LF);
  const behind = text.subarray(lineEnd + 1);
  if (lineEnd >= 0 && start.subarray(0, behind.length).equals(behind)) {
    return text.length - (text[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd);
  }
  return text.at(-1) === CR ? 1 : 0;
}

/** @param length octets of the delimiter itself. */
function* delimiter(queue: ByteQueue, length: number): Waiting<PartEnd> {
  let lineEnd = -1;
  for (;;) {
    lineEnd = queue.held.indexOf(LF, length);
    if (lineEnd >= 0 || queue.held.length > length + MAX_PADDING) break;
    if (!(yield* queue.has(queue.held.length + 1))) break;
  }
  const line = queue.take(lineEnd < 0 ? queue.held.length : lineEnd + 1).toString('latin1', length);
  const close = line.startsWith('--');
  if ((close ? line.slice('--'.length) : line).trim() !== '') throw new AmbiguousBoundaryError();
  return close ? 'close' : 'next';
}

function withCrlf(bytes: Buffer, afterCr: boolean): Buffer {
  const text = bytes.toString('latin1').replace(/(?<!\r)\n/g, '\r\n');
  return Buffer.from(afterCr && bytes[0] === LF ? text.slice(1) : text, 'latin1');
}
