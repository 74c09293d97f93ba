// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { MimeNode } from '@zone-eu/mailsplit';

/** The body of a part without its Content-Transfer-Encoding. */
export async function decoded(node: MimeNode, chunks: readonly Buffer[]): Promise<Buffer> {
  const decoder = node.getDecoder();
  const all = buffer(decoder);
  for (const chunk of chunks) if (!decoder.write(chunk)) await once(decoder, 'drain');
  decoder.end();
  return await all;
}
