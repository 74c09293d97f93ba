// SPDX-License-Identifier: Apache-2.0
import type { Stage } from './stage.ts';

/** Octets to a line of 76 columns (RFC 2045 §6.8). */
const OCTETS = 57;
const COLUMNS = 76;
const LINE = COLUMNS + '\r\n'.length;
const CRLF = 0x0d0a;

/** Octets that are encoded at a time: what is made of them stays in the processor's cache. */
const PIECE = OCTETS * 512;
const text = Buffer.alloc((PIECE / 3) * 4);
const textView = new DataView(text.buffer, text.byteOffset, text.byteLength);

/** What `length` octets take as base64 in lines, each with its CRLF. */
export function base64LinesSize(length: number): number {
  return Math.ceil(length / 3) * 4 + Math.ceil(length / OCTETS) * 2;
}

/** Base64 in lines of 76 columns, each ended by CRLF. */
export function base64Lines(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(base64LinesSize(bytes.length));
  encode(bytes, out, 0);
  return out;
}

/** @returns where the next line starts. */
function encode(bytes: Buffer, out: Buffer, start: number): number {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  let at = start;
  for (let from = 0; from < bytes.length; from += PIECE) {
    const length = text.write(bytes.toString('base64', from, from + PIECE), 'latin1');
    at = breakLines(length, out, view, at);
  }
  return at;
}

/**
 * By hand, and eight octets at a time, as there is no faster way in JavaScript: a `copy` for each line takes twice as
 * long as encrypting it. No eight octets of ASCII are a NaN, which would not be copied as it stands.
 */
function breakLines(length: number, out: Buffer, view: DataView, start: number): number {
  let at = start;
  let line = 0;
  for (; line + COLUMNS <= length; line += COLUMNS) {
    for (let i = 0; i < COLUMNS - 4; i += 8) view.setFloat64(at + i, textView.getFloat64(line + i));
    view.setUint32(at + COLUMNS - 4, textView.getUint32(line + COLUMNS - 4));
    view.setUint16(at + COLUMNS, CRLF);
    at += LINE;
  }
  if (line === length) return at;
  const end = at + text.copy(out, at, line, length);
  view.setUint16(end, CRLF);
  return end + 2;
}

/** {@link base64Lines} over a stream; the result does not depend on where its chunks are cut. */
export const base64LinesStage: Stage = (next) => {
  const line = Buffer.allocUnsafe(OCTETS);
  let held = 0;
  return {
    write: (chunk) => {
      const whole = held + chunk.length - ((held + chunk.length) % OCTETS);
      if (whole === 0) {
        held += chunk.copy(line, held);
        return;
      }
      const out = Buffer.allocUnsafe((whole / OCTETS) * LINE);
      const first = held === 0 ? 0 : OCTETS - held;
      if (held > 0) chunk.copy(line, held, 0, first);
      const at = held === 0 ? 0 : encode(line, out, 0);
      const end = whole - held;
      encode(chunk.subarray(first, end), out, at);
      next.write(out);
      held = chunk.copy(line, 0, end);
    },
    end: () => {
      if (held > 0) next.write(base64Lines(line.subarray(0, held)));
      next.end();
    },
  };
};
