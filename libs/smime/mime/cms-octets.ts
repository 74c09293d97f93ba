// SPDX-License-Identifier: Apache-2.0
import type { ByteQueue } from '../asn1/byte-queue.ts';

const LF = 0x0a;
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
  let held = '';
  while (await body.has(1)) {
    const text = body.take(body.held.length).toString('latin1');
    if (RUBBISH.test(text)) found();
    const digits = held + text.replace(NOT_BASE64, '');
    const padding = digits.indexOf('=');
    const whole = padding >= 0 ? padding : digits.length - (digits.length % 4);
    held = digits.slice(whole);
    if (whole > 0) yield Buffer.from(digits.slice(0, whole), 'base64');
    if (padding >= 0) return;
  }
  if (held !== '') yield Buffer.from(held, 'base64');
}
