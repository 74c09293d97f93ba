// SPDX-License-Identifier: Apache-2.0
import type { ByteQueue } from '../asn1/byte-queue.ts';
import type { Chunks, Waiting } from '../flow/flow.ts';
import { decodeLines, LONGEST_LINE, WINDOW } from '../simd/lines.ts';

const LF = 0x0a;
const NOTHING = Buffer.alloc(0);
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
 * A chunk is only good until the next is asked for: most are decrypted at once, and new memory for each took longer
 * than to decode it.
 *
 * @param found is told of text that does not belong there.
 */
export function* cmsOctets(body: ByteQueue, found: () => void): Chunks {
  yield* body.has(2);
  const [tag = 0, length = 0] = body.held;
  if (tag === 0x30 && length >= 0x80) {
    yield* body.rest();
    return;
  }
  yield* skipToBase64(body, found);
  yield* decoded(body, found);
  // Read to its end, as whatever checks the source is asked there.
  while (yield* body.has(1)) if (/\S/.test(body.takeHeld().toString('latin1'))) found();
}

function* skipToBase64(body: ByteQueue, found: () => void): Waiting<void> {
  for (;;) {
    yield* body.has(LOOK);
    const lineEnd = body.held.subarray(0, LOOK).indexOf(LF);
    const line = body.held.toString('latin1', 0, lineEnd < 0 ? LOOK : lineEnd).trim();
    if (body.held.length === 0 || FIRST_LINE.test(line)) return;
    if (line !== '') found();
    yield* skipLine(body);
  }
}

function* skipLine(body: ByteQueue): Waiting<void> {
  while (yield* body.has(1)) {
    const lineEnd = body.held.indexOf(LF);
    body.take(lineEnd < 0 ? body.held.length : lineEnd + 1);
    if (lineEnd >= 0) return;
  }
}

function* decoded(body: ByteQueue, found: () => void): Chunks {
  const any = anyBase64(found);
  let room: Buffer = NOTHING;
  let begun: Buffer = NOTHING;
  while (yield* body.has(1)) {
    const text = body.take(WINDOW);
    const regular = any.between() ? null : decodeLines(begun, text);
    if (regular !== null) {
      const { length } = regular.octets;
      if (length > room.length) room = Buffer.allocUnsafe(length);
      room.set(regular.octets);
      yield room.subarray(0, length);
    }
    const rest = regular === null ? Buffer.concat([begun, text]) : text.subarray(regular.taken);
    const lineStart = rest.lastIndexOf(LF) + 1;
    const whole = lineStart === 0 && rest.length > LONGEST_LINE ? rest.length : lineStart;
    begun = rest.subarray(whole);
    const octets = any.decode(rest.toString('latin1', 0, whole));
    if (octets.length > 0) yield octets;
    if (any.ended()) {
      if (begun.toString('latin1').trim() !== '') found();
      return;
    }
  }
  const last = Buffer.concat([any.decode(begun.toString('latin1')), any.rest()]);
  if (last.length > 0) yield last;
}

/** Decodes base64 in pieces, whatever stands between its digits. */
function anyBase64(found: () => void) {
  let digits = '';
  let padded = false;
  return {
    decode: (text: string): Buffer => {
      if (text === '' || padded) return NOTHING;
      if (RUBBISH.test(text)) found();
      digits += text.replace(NOT_BASE64, '');
      const padding = digits.indexOf('=');
      padded = padding >= 0;
      if (padded && !/^=+$/.test(digits.slice(padding))) found();
      const whole = padded ? padding : digits.length - (digits.length % 4);
      const octets = Buffer.from(digits.slice(0, whole), 'base64');
      digits = digits.slice(whole);
      return octets;
    },
    /** Whether digits wait for the others of their four. */
    between: () => digits !== '',
    ended: () => padded,
    rest: () => (padded ? NOTHING : Buffer.from(digits, 'base64')),
  };
}
