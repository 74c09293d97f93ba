// SPDX-License-Identifier: Apache-2.0
import { isAscii } from 'node:buffer';
import { asBuffer } from './as-buffer.ts';

const LF = 0x0a;
/** Octets, without CRLF. */
const LONGEST_LINE = 998;

/** Whether a content may travel as it is and unencoded everywhere (`7bit`, RFC 2045 §2.7); its lines end with CRLF. */
export async function isSevenBit(source: AsyncIterable<Uint8Array>): Promise<boolean> {
  let line = 0;
  for await (const chunk of source) {
    const bytes = asBuffer(chunk);
    if (!isAscii(bytes) || bytes.includes(0)) return false;
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      if (line + end - start > LONGEST_LINE + 1) return false;
      line = 0;
      start = end + 1;
    }
    line += bytes.length - start;
    if (line > LONGEST_LINE + 1) return false;
  }
  return line <= LONGEST_LINE;
}
