// SPDX-License-Identifier: Apache-2.0

/** The same chunks; `each` is called for every one, so that a large message does not look like standing still. */
export async function* tapped(source: AsyncIterable<Buffer>, each: () => void): AsyncIterable<Buffer> {
  for await (const chunk of source) {
    each();
    yield chunk;
  }
}
