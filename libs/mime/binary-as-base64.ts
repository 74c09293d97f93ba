// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import { splitParts } from './split-parts.ts';

/** Octets of a line of base64 (RFC 2045 §6.8). */
const LINE = 57;

/**
 * Writes parts in `Content-Transfer-Encoding: binary` in base64, so that nothing happens to them where lines get other
 * ends (SMTP without RFC 3030). All else stays as it is. Streams.
 *
 * @param source a message or a MIME entity, lines ended by CRLF or LF.
 * @throws UnneutralisableError where it has more parts, or a longer header, than mail has; what the source throws.
 */
export async function* binaryAsBase64(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  let left: Buffer | null = null;
  for await (const chunk of splitParts(source)) {
    if (chunk.type === 'body' && left !== null) {
      const octets: Buffer = left.length === 0 ? chunk.value : Buffer.concat([left, chunk.value]);
      const whole = octets.length - (octets.length % LINE);
      left = Buffer.from(octets.subarray(whole));
      if (whole > 0) yield inLines(octets.subarray(0, whole));
      continue;
    }
    if (left !== null && left.length > 0) yield inLines(left);
    left = null;
    if (chunk.type !== 'node') {
      yield chunk.value;
      continue;
    }
    if (chunk.encoding === 'binary') {
      const contains = chunk.multipart !== false || chunk.rfc822;
      if (!contains) left = Buffer.alloc(0);
      // What contains others says the most that is in it, and has no encoding of its own (RFC 2045 §6.4).
      setEncoding(chunk, contains ? '8bit' : 'base64');
    }
    yield chunk.getHeaders();
  }
  if (left !== null && left.length > 0) yield inLines(left);
}

const inLines = (octets: Buffer): Buffer =>
  Buffer.from(octets.toString('base64').replace(/.{1,76}/g, '$&\r\n'), 'latin1');

function setEncoding(node: MimeNode, encoding: string): void {
  if (node.headers === false) return;
  node.headers.remove('Content-Transfer-Encoding');
  node.headers.add('Content-Transfer-Encoding', encoding, Infinity);
}
