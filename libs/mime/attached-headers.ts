// SPDX-License-Identifier: Apache-2.0
import { Readable, pipeline } from 'node:stream';
import type { MimeNode } from '@zone-eu/mailsplit';
import { UnneutralisableError } from './errors.ts';
import { headerOf, NAME, type Header } from './header.ts';
import { splitParts } from './split-parts.ts';

/** Messages in messages that are looked into, and messages in all. */
const DEEPEST = 8;
const MOST = 200;

const MESSAGE = /^message\/(rfc822|global|news|x-rfc822)$/;
/** As what was saved as a file is named, of whatever type its program takes it to be. */
const NAME_OF_FILE = /(?:\.|%2e)eml\s*$/i;

/**
 * The headers of all messages that are attached to a message, of those attached to these, and so on, encoded (which
 * RFC 2046 §5.2.1 forbids) or not, in whatever lines. None of them is held but for its header.
 *
 * @throws UnneutralisableError where there are more, or deeper ones, than people attach, or more parts or a longer header than
 *   mail has; what the source throws.
 */
export const attachedHeaders = (source: AsyncIterable<Uint8Array>): AsyncGenerator<Header, void, void> =>
  within(source, 0, { count: 0 });

async function* within(
  source: AsyncIterable<Uint8Array>,
  depth: number,
  seen: { count: number },
): AsyncGenerator<Header, void, void> {
  const chunks = splitParts(source, 'whole');
  let next = await chunks.next();
  let isFirst = depth > 0;

  async function* bodyOf(node: MimeNode): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      next = await chunks.next();
      if (next.done === true || next.value.type === 'node' || next.value.node !== node) return;
      yield next.value.value;
    }
  }

  try {
    while (next.done !== true) {
      const chunk = next.value;
      if (chunk.type !== 'node') {
        next = await chunks.next();
        continue;
      }
      if (isFirst) yield headerIn(chunk);
      isFirst = false;
      if (!isMessage(chunk)) {
        next = await chunks.next();
        continue;
      }
      seen.count += 1;
      if (depth === DEEPEST || seen.count > MOST)
        throw new UnneutralisableError('more messages are attached than are looked into');
      yield* within(decodedBody(chunk, bodyOf(chunk)), depth + 1, seen);
    }
  } finally {
    await chunks.return();
  }
}

function isMessage(node: MimeNode): boolean {
  const type = node.contentType || '';
  if (MESSAGE.test(type)) return true;
  if (node.multipart === false && NAME_OF_FILE.test(node.filename || '')) return true;
  // RFC 2046 §5.1.5.
  const saysType = node.headers !== false && node.headers.getFirst('Content-Type') !== '';
  return !saysType && node.parentNode !== false && node.parentNode.multipart === 'digest';
}

/** The body without its encoding, read as far as it is asked for; the rest is passed over. */
async function* decodedBody(node: MimeNode, body: AsyncGenerator<Buffer, void, void>) {
  const decoder = node.getDecoder();
  pipeline(Readable.from(body, { objectMode: false }), decoder, () => {
    // What fails is thrown to who reads the decoder.
  });
  yield* decoder as AsyncIterable<Buffer>;
}

function headerIn({ headers }: MimeNode): Header {
  const lines = headers === false ? [] : headers.getList();
  return headerOf(
    lines.flatMap(({ line }) => {
      const name = line.slice(0, line.indexOf(':')).trimEnd();
      if (!NAME.test(name)) return [];
      const value = line.slice(line.indexOf(':') + 1).replaceAll(/\r?\n/g, '\r\n');
      return [{ name, raw: Buffer.from(`${name}:${value}\r\n`, 'latin1') }];
    }),
  );
}
