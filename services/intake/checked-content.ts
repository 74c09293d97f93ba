// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import { Problem } from '@securemail/service';

const CR = 0x0d;
const LF = 0x0a;

/**
 * Lets a message through as it is, and refuses it where it is too large or a line ends in a lone CR or LF: what one
 * server takes for a line end and the next does not is how a second mail is smuggled into the first (CVE-2023-51764).
 *
 * @throws Problem `message-too-large`; MalformedMessageError.
 */
export async function* checkedContent(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Buffer> {
  let size = 0;
  let endsInCr = false;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    size += bytes.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    if (bytes.length === 0) continue;
    if (endsInCr !== (bytes[0] === LF)) throw new MalformedMessageError('bare-cr-or-lf');
    refuseLoneLineEnds(bytes);
    endsInCr = bytes.at(-1) === CR;
    yield bytes;
  }
  if (endsInCr) throw new MalformedMessageError('bare-cr-or-lf');
}

export const tooLarge = (maxBytes: number) =>
  new Problem('message-too-large', `The limit is ${maxBytes} octets.`, { maxBytes });

/** indexOf runs at memory speed, so looking for each kind of line end costs less than a loop over the bytes. */
function refuseLoneLineEnds(bytes: Buffer): void {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at > 0 && bytes[at - 1] !== CR) throw new MalformedMessageError('bare-cr-or-lf');
  }
  for (let at = bytes.indexOf(CR); at >= 0 && at < bytes.length - 1; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF) throw new MalformedMessageError('bare-cr-or-lf');
  }
}
