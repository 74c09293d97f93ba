// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { memoryInUse } from '@securemail/testing';
import { openMessage, softwareSigner, softwareUnwrapper, tripleWrap } from '../index.ts';
import { signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const CHUNK = Buffer.from(`${'0123456789abcdef'.repeat(4)}\r\n`.repeat(1000));
const CHUNKS = 500;
const HEADER = Buffer.from('Content-Type: text/plain\r\n\r\n');

let workshop: OpensslWorkshop;
beforeAll(async () => {
  workshop = await opensslWorkshop();
});
afterAll(() => workshop.close());

it.each(['aes-256-gcm', 'aes-256-cbc'] as const)(
  '33 MB, triple wrapped with %s, are opened in the memory of a small message',
  async (contentEncryption) => {
    const authority = await workshop.authority('Root');
    const person = await workshop.issue(authority);
    const entity = {
      size: HEADER.length + CHUNKS * CHUNK.length,
      // eslint-disable-next-line @typescript-eslint/require-await -- an entity opens as an asynchronous source
      open: async function* () {
        yield HEADER;
        for (let i = 0; i < CHUNKS; i += 1) yield CHUNK;
      },
    };
    const wrapped = await tripleWrap(entity, {
      signer: softwareSigner({ key: person.keyPem, certificate: person.certificate }),
      signingTime: new Date(),
      recipients: [person.certificate],
      contentEncryption,
    });
    const file = workshop.path('wrapped');
    await pipeline(wrapped.open(), createWriteStream(file));
    const expected = createHash('sha256');
    for await (const chunk of entity.open()) expected.update(chunk);

    const before = memoryInUse();
    let peak = before;
    const { kept, layers } = await openMessage(createReadStream(file), {
      unwrappers: [softwareUnwrapper({ key: person.keyPem, certificate: person.certificate })],
      keep: async (content) => {
        const actual = createHash('sha256');
        let chunks = 0;
        for await (const chunk of content) {
          if (++chunks % 100 === 0) peak = Math.max(peak, memoryInUse());
          actual.update(chunk);
        }
        return actual.digest('hex');
      },
    });
    expect(peak - before).toBeLessThan(16 * 1024 * 1024);
    expect(kept).toBe(expected.digest('hex'));
    expect(signaturesIn(layers).map(({ verified }) => verified)).toEqual([true, true]);
  },
);
