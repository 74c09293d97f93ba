// SPDX-License-Identifier: Apache-2.0
/** Octets to a line of 76 columns (RFC 2045 §6.8). */
const OCTETS = 57;
const COLUMNS = 76;

/** What `length` octets take as base64 in lines, each with its CRLF. */
export function base64LinesSize(length: number): number {
  return Math.ceil(length / 3) * 4 + Math.ceil(length / OCTETS) * 2;
}

/** Base64 in lines of 76 columns, each ended by CRLF. */
export function base64Lines(bytes: Buffer): Buffer {
  const text = bytes.toString('base64');
  const out = Buffer.allocUnsafe(base64LinesSize(bytes.length));
  let end = 0;
  for (let at = 0; at < text.length; at += COLUMNS) {
    end += out.write(text.slice(at, at + COLUMNS), end, 'latin1');
    out[end++] = 0x0d;
    out[end++] = 0x0a;
  }
  return out;
}

/** {@link base64Lines} over a stream; the result does not depend on where its chunks are cut. */
export async function* base64LinesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes: Buffer = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const whole = bytes.length - (bytes.length % OCTETS);
    held = bytes.subarray(whole);
    if (whole > 0) yield base64Lines(bytes.subarray(0, whole));
  }
  if (held.length > 0) yield base64Lines(held);
}
