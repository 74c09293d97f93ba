// SPDX-License-Identifier: Apache-2.0
import { asBuffer } from './as-buffer.ts';

const CR = 0x0d;
const LINE_END = /\r\n|\r|\n/g;
const BARE = /\r(?!\n)|(?<!\r)\n/;

/**
 * Ends every line with CRLF, the canonical form of text (RFC 8551 §3.1.1), for input that did not come by SMTP:
 * a lone CR or LF becomes CRLF, everything else stays as it is.
 *
 * Never over a protocol's own bytes: there a bare LF is an attack and is refused.
 */
export async function* toCrlf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  let heldCr = false;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    const bytes: Buffer = heldCr ? Buffer.concat([Buffer.of(CR), chunk]) : asBuffer(chunk);
    heldCr = bytes.at(-1) === CR;
    const complete: Buffer = heldCr ? bytes.subarray(0, -1) : bytes;
    if (complete.length === 0) continue;
    const text = complete.toString('latin1');
    yield BARE.test(text) ? Buffer.from(text.replace(LINE_END, '\r\n'), 'latin1') : complete;
  }
  if (heldCr) yield Buffer.from('\r\n');
}
