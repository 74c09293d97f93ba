// SPDX-License-Identifier: Apache-2.0
import type { ByteQueue } from '../asn1/byte-queue.ts';

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
 * @throws AmbiguousBoundaryError
 */
export async function* untilDelimiter(
  queue: ByteQueue,
  boundary: string,
): AsyncGenerator<Buffer, PartEnd, void> {
  const needle = Buffer.from(`\n--${boundary}`, 'latin1');
  const atStart = needle.subarray(1);
  await queue.has(atStart.length);
  if (queue.held.subarray(0, atStart.length).equals(atStart)) return await delimiter(queue, atStart.length);
  for (;;) {
    const at = queue.held.indexOf(needle);
    if (at >= 0) {
      const end = at > 0 && queue.held[at - 1] === CR ? at - 1 : at;
      if (end > 0) yield queue.take(end);
      return await delimiter(queue, at - end + needle.length);
    }
    // What is kept may be the start of a line end and a delimiter.
    const sure = queue.held.length - needle.length;
    if (sure > 0) yield queue.take(sure);
    if (await queue.has(queue.held.length + 1)) continue;
    if (queue.held.length > 0) yield queue.take(queue.held.length);
    return 'cut-off';
  }
}

/** @param length octets of the delimiter itself. */
async function delimiter(queue: ByteQueue, length: number): Promise<PartEnd> {
  let lineEnd = -1;
  for (;;) {
    lineEnd = queue.held.indexOf(LF, length);
    if (lineEnd >= 0 || queue.held.length > length + MAX_PADDING) break;
    if (!(await queue.has(queue.held.length + 1))) break;
  }
  const line = queue.take(lineEnd < 0 ? queue.held.length : lineEnd + 1).toString('latin1', length);
  const close = line.startsWith('--');
  if ((close ? line.slice('--'.length) : line).trim() !== '') throw new AmbiguousBoundaryError();
  return close ? 'close' : 'next';
}

/** Canonical form (RFC 8551 §3.1.1): a bare LF becomes CRLF. A lone CR stays, as it does in other programs. */
export async function* canonicalLines(
  source: AsyncGenerator<Buffer, PartEnd, void>,
): AsyncGenerator<Buffer, PartEnd, void> {
  let afterCr = false;
  for (;;) {
    const read = await source.next();
    if (read.done === true) return read.value;
    const bytes = read.value;
    yield hasBareLf(bytes, afterCr) ? withCrlf(bytes, afterCr) : bytes;
    afterCr = bytes.at(-1) === CR;
  }
}

function hasBareLf(bytes: Buffer, afterCr: boolean): boolean {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at === 0 ? !afterCr : bytes[at - 1] !== CR) return true;
  }
  return false;
}

function withCrlf(bytes: Buffer, afterCr: boolean): Buffer {
  const text = bytes.toString('latin1').replace(/(?<!\r)\n/g, '\r\n');
  return Buffer.from(afterCr && bytes[0] === LF ? text.slice(1) : text, 'latin1');
}
