// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { memoryInUse } from '@securemail/testing';
import { softwareSigner, tripleWrap } from '../index.ts';
import { opensslWorkshop, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const CHUNK = Buffer.from(`${'0123456789abcdef'.repeat(4)}\r\n`.repeat(1000));
const CHUNKS = 500;
const HEADER = Buffer.from('Content-Type: text/plain\r\n\r\n');

let workshop: OpensslWorkshop;
beforeAll(async () => {
  workshop = await opensslWorkshop();
});
afterAll(() => workshop.close());

it('33 MB, triple wrapped with AES-256-GCM, need the memory of a small message, and come back whole from openssl', async () => {
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
  const before = memoryInUse();
  let peak = before;
  let chunks = 0;
  const wrapped = await tripleWrap(entity, {
    signer: softwareSigner({ key: person.keyPem, certificate: person.certificate }),
    signingTime: new Date(),
    recipients: [person.certificate],
    contentEncryption: 'aes-256-gcm',
  });
  const file = await workshop.save({
    open: async function* () {
      for await (const chunk of wrapped.open()) {
        if (++chunks % 100 === 0) peak = Math.max(peak, memoryInUse());
        yield chunk;
      }
    },
  });
  expect(peak - before).toBeLessThan(16 * 1024 * 1024);

  const expected = createHash('sha256');
  for await (const chunk of entity.open()) expected.update(chunk);
  const signed = await workshop.decrypt(await workshop.verify(file, authority), person);
  const actual = createHash('sha256');
  for await (const chunk of createReadStream(await workshop.verify(signed, authority))) {
    actual.update(chunk as Buffer);
  }
  expect(actual.digest('hex')).toBe(expected.digest('hex'));
});
