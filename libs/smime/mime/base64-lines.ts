// SPDX-License-Identifier: Apache-2.0
import { noticeChunk } from '../flow/notice-chunk.ts';
import { encodeLines, LINE_LENGTH, LINE_OCTETS } from '../simd/lines.ts';
import type { Stage } from './stage.ts';

const CRLF = '\r\n';

/** What `length` octets take as base64 in lines, each with its CRLF. */
export function base64LinesSize(length: number): number {
  return Math.ceil(length / 3) * 4 + Math.ceil(length / LINE_OCTETS) * CRLF.length;
}

/** Base64 in lines of 76 columns, each ended by CRLF. */
export function base64Lines(bytes: Buffer): Buffer {
  const whole = bytes.length - (bytes.length % LINE_OCTETS);
  const out = Buffer.allocUnsafe(base64LinesSize(bytes.length));
  const end = encodeLines(bytes.subarray(0, whole), out, 0);
  if (whole < bytes.length) out.write(bytes.toString('base64', whole) + CRLF, end, 'latin1');
  return out;
}

/** {@link base64Lines} over a stream; the result does not depend on where its chunks are cut. */
export const base64LinesStage: Stage = (next) => {
  const line = Buffer.allocUnsafe(LINE_OCTETS);
  let held = 0;
  return {
    write: (chunk) => {
      const whole = held + chunk.length - ((held + chunk.length) % LINE_OCTETS);
      if (whole === 0) {
        held += chunk.copy(line, held);
        return;
      }
      noticeChunk(whole);
      const out = Buffer.allocUnsafe((whole / LINE_OCTETS) * LINE_LENGTH);
      const first = held === 0 ? 0 : LINE_OCTETS - held;
      if (held > 0) chunk.copy(line, held, 0, first);
      const at = held === 0 ? 0 : encodeLines(line, out, 0);
      const end = whole - held;
      encodeLines(chunk.subarray(first, end), out, at);
      next.write(out);
      held = chunk.copy(line, 0, end);
    },
    end: () => {
      if (held > 0) next.write(base64Lines(line.subarray(0, held)));
      next.end();
    },
  };
};
