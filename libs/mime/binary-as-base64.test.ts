// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { binaryAsBase64, toCrlf, UnneutralisableError } from './index.ts';

const inChunks = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );
const written = (bytes: Buffer | string, size = 1_000) =>
  buffer(binaryAsBase64(inChunks(Buffer.from(bytes), size)));
const partOf = (octets: Uint8Array) =>
  Buffer.concat([
    Buffer.from(
      'Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: binary\n\n--b\n\nHello\n--b\n' +
        'Content-Type: application/x-any; name=any.bin\nContent-Disposition: attachment; filename=any.bin\nContent-Transfer-Encoding: BINARY\n\n',
    ),
    octets,
    // After LF alone, a CR at its end would be of the delimiter.
    Buffer.from('\r\n--b--\r\n'),
  ]);

it('any octets of a binary part are still there when all lines end with CRLF', async () => {
  const octets = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(octets, fc.integer({ min: 1, max: 200 }), async (bytes, size) => {
      const message = await buffer(toCrlf(binaryAsBase64(inChunks(partOf(bytes), size))));
      const { attachments, text } = await simpleParser(message);
      expect(attachments[0]?.content.equals(bytes)).toBe(true);
      expect(text).toBe('Hello');
    }),
  );
});

it('a binary part that is the whole of it comes out as it is', async () => {
  const message = await written(
    'Content-Type: application/x-any\r\nContent-Transfer-Encoding: binary\r\n\r\n\n\r\0\n',
  );
  expect(message.toString()).toBe(
    'Content-Type: application/x-any\r\nContent-Transfer-Encoding: base64\r\n\r\nCg0ACg==\r\n',
  );
});

it('what contains a binary part is itself not encoded, and all else stays octet by octet', async () => {
  expect((await written(partOf(Buffer.from('x')))).toString()).toContain(
    'boundary=b\r\nContent-Transfer-Encoding: 8bit',
  );
  const plain = 'Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\nA\nB\r\n--b--\nbehind\n';
  expect((await written(plain, 3)).toString()).toBe(plain);
});

it('more parts than mail has are refused', async () => {
  const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(20_000);
  await expect(
    written(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`, 60_000),
  ).rejects.toThrow(UnneutralisableError);
});
