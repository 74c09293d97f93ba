// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { toCrlf } from './index.ts';

// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('canonical line ends', () => {
  it.each([
    ['a\nb\n', 'a\r\nb\r\n'],
    ['a\r\nb\r\n', 'a\r\nb\r\n'],
    ['a\rb', 'a\r\nb'],
    ['a\r\r\nb', 'a\r\n\r\nb'],
    ['a\n\rb', 'a\r\n\r\nb'],
    ['a\r', 'a\r\n'],
    ['', ''],
  ])('make %j %j', async (given, wanted) => {
    for (const size of [1, 2, 100]) {
      expect((await buffer(toCrlf(chunksOf(Buffer.from(given), size)))).toString()).toBe(wanted);
    }
  });

  it('do not depend on where the chunks are cut, touch no other octet, and are final', async () => {
    const octet = fc.oneof(fc.constant(0x0d), fc.constant(0x0a), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(octet), fc.integer({ min: 1, max: 5 }), async (octets, size) => {
        const bytes = Buffer.from(octets);
        const once = await buffer(toCrlf(chunksOf(bytes, size)));
        expect(once.toString('latin1')).toBe(bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'));
        expect(await buffer(toCrlf(chunksOf(once, size)))).toEqual(once);
      }),
    );
  });
});
