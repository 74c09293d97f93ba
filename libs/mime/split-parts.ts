// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { Splitter, type SplitterChunk } from '@zone-eu/mailsplit';
import { UnneutralisableError } from './errors.ts';

/**
 * A message or MIME entity as headers, delimiters and bodies of its parts.
 *
 * @param messages whether messages in it are split, too (those that say to be an attachment never are), or are bodies.
 * @throws UnneutralisableError where it has more parts, or a longer header, than mail has; what the source throws.
 */
export async function* splitParts(
  source: AsyncIterable<Uint8Array>,
  messages: 'split' | 'whole' = 'split',
): AsyncGenerator<SplitterChunk, void, void> {
  const splitter = new Splitter({ defaultInlineEmbedded: true, ignoreEmbedded: messages === 'whole' });
  const feed = Readable.from(source, { objectMode: false });
  const from = { failed: false };
  feed.on('error', (error) => {
    from.failed = true;
    splitter.destroy(error);
  });
  feed.pipe(splitter);
  try {
    yield* splitter as AsyncIterable<SplitterChunk>;
  } catch (error) {
    if (from.failed || !(error instanceof Error)) throw error;
    throw new UnneutralisableError(error.message, { cause: error });
  } finally {
    feed.destroy();
  }
}
