// SPDX-License-Identifier: Apache-2.0
import type { ByteQueue } from '../asn1/byte-queue.ts';

const LF = 0x0a;
const CR = 0x0d;
const LONGEST_LINE = 1000;
/** How much of a line tells whether it is base64: it may be a gigabyte long. */
const LOOK = 64;
/** A SEQUENCE with a length of more than one octet, or an indefinite one, starts so in base64. */
const FIRST_LINE = /^MI[A-Za-z0-9+/]{10,}={0,2}$/;
const NOT_BASE64 = /[^A-Za-z0-9+/=]+/g;
const RUBBISH = /[^A-Za-z0-9+/=\r\n\t ]/;

/**
 * The octets of a CMS object in the body of an entity. The body is looked at, not its Content-Transfer-Encoding,
 * which is missing or wrong often enough: a SEQUENCE stands there in binary, or a line of base64 starts with one.
 * Text before that line is passed over, and so is every character that is not base64; padding ends it. What stands
 * behind the CMS object comes out as well, decoded or not: its reader knows where it ends.
 *
 * @param found is told of text that does not belong there.
 */
export async function* cmsOctets(body: ByteQueue, found: () => void): AsyncGenerator<Buffer, void, void> {
  try {
    await body.has(2);
    const [tag = 0, length = 0] = body.held;
    if (tag === 0x30 && length >= 0x80) {
      yield* body.rest();
      return;
    }
    await skipToBase64(body, found);
    yield* decoded(body, found);
    await body.drain();
  } finally {
    await body.close();
  }
}

async function skipToBase64(body: ByteQueue, found: () => void): Promise<void> {
  for (;;) {
    await body.has(LOOK);
    const lineEnd = body.held.subarray(0, LOOK).indexOf(LF);
    const line = body.held.toString('latin1', 0, lineEnd < 0 ? LOOK : lineEnd).trim();
    if (body.held.length === 0 || FIRST_LINE.test(line)) return;
    if (line !== '') found();
    await skipLine(body);
  }
}

async function skipLine(body: ByteQueue): Promise<void> {
  while (await body.has(1)) {
    const lineEnd = body.held.indexOf(LF);
    body.take(lineEnd < 0 ? body.held.length : lineEnd + 1);
    if (lineEnd >= 0) return;
  }
}

async function* decoded(body: ByteQueue, found: () => void): AsyncGenerator<Buffer, void, void> {
  let digits = '';
  let line = 1;
  for (;;) {
    await body.has(line);
    if (body.held.length === 0) break;
    const regular = digits === '' ? regularLines(body.held) : null;
    if (regular !== null) {
      body.take(regular.length);
      line = regular.line;
      yield regular.octets;
      continue;
    }
    const text = body.takeHeld().toString('latin1');
    if (RUBBISH.test(text)) found();
    digits += text.replace(NOT_BASE64, '');
    const padding = digits.indexOf('=');
    const whole = padding >= 0 ? padding : digits.length - (digits.length % 4);
    if (whole > 0) yield Buffer.from(digits.slice(0, whole), 'base64');
    digits = digits.slice(whole);
    if (padding >= 0) return;
  }
  if (digits !== '') yield Buffer.from(digits, 'base64');
}

/**
 * Whole lines, all of one length, of base64 and nothing else: what nearly every message is, and read five times faster
 * than anything else. Node passes over what is no base64, so nothing else is in there where as many octets come out
 * as there are digits.
 *
 * @returns null where the first line is none of that kind.
 */
function regularLines(held: Buffer): { length: number; line: number; octets: Buffer } | null {
  const lineEnd = held.subarray(0, LONGEST_LINE).indexOf(LF);
  const columns = lineEnd > 0 && held[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
  if (columns <= 0 || columns % 4 !== 0) return null;
  const line = lineEnd + 1;
  let length = line;
  while (held[length + lineEnd] === LF && (columns === lineEnd || held[length + columns] === CR))
    length += line;
  const text = held.toString('latin1', 0, length);
  // Digits of another alphabet, which Node knows as well.
  if (text.includes('-') || text.includes('_')) return null;
  const octets = Buffer.from(text, 'base64');
  return octets.length === ((length / line) * columns * 3) / 4 ? { length, line, octets } : null;
}
