// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { run, streamOf } from '../flow/flow.ts';
import { queueOf } from '../testing/in-chunks.ts';
import { BerError, type BerFault } from './ber-error.ts';
import { BerReader } from './ber-reader.ts';
import { toDer } from './ber-to-der.ts';
import { der, derHeader, octetString, sequence, smallInteger } from './der.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const readerOf = (bytes: Buffer, cut = bytes.length, maxHeld?: number) =>
  new BerReader(queueOf(bytes, cut), maxHeld);

/** The first value, held. */
async function valueOf(bytes: Buffer, cut?: number, maxHeld?: number) {
  const reader = readerOf(bytes, cut, maxHeld);
  const header = await run(reader.next());
  return (await run(reader.value(header!))).bytes;
}

/** The octets of the first value, streamed. */
async function octetsOf(bytes: Buffer, cut?: number) {
  const reader = readerOf(bytes, cut);
  const header = await run(reader.next());
  return await buffer(streamOf(reader.octets(header!)));
}

const faultOf = async (attempt: Promise<unknown>): Promise<BerFault | null> => {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof BerError) return error.fault;
    throw error;
  }
};

describe('BER becomes DER', () => {
  it.each([
    ['what is DER already', '30 06 02 01 01 04 01 61', '30 06 02 01 01 04 01 61'],
    ['an indefinite length', '30 80 02 01 01 00 00', '30 03 02 01 01'],
    ['one within a definite one', '31 07 30 80 02 01 01 00 00', '31 05 30 03 02 01 01'],
    ['an OCTET STRING in segments', '24 80 04 01 61 24 03 04 01 62 00 00', '04 02 61 62'],
    ['an OCTET STRING without segments', '24 80 00 00', '04 00'],
    ['a length longer than need be, which stays', '30 84 00 00 00 03 02 01 01', '30 84 00 00 00 03 02 01 01'],
  ])('%s', async (_name, ber, expected) => {
    expect(toDer(hex(ber))).toEqual(hex(expected));
    for (const cut of [1, 3, 100]) expect(await valueOf(hex(ber), cut)).toEqual(hex(expected));
  });
});

describe('an OCTET STRING streams', () => {
  const content = Buffer.alloc(70_001, 'content ');
  it('in segments of an octet each comes out in few pieces: each costs more than its octet', async () => {
    const segments = Buffer.alloc(3 * 6400, hex('04 01 61'));
    const reader = readerOf(Buffer.concat([hex('24 80'), segments, hex('00 00')]), 1000);
    const header = await run(reader.next());
    const pieces: Buffer[] = [];
    for await (const piece of streamOf(reader.octets(header!))) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(Buffer.alloc(6400, 'a'));
    expect(pieces.length).toBeLessThan(200);
  });

  it('as one, and in segments of any depth, wherever its chunks are cut', async () => {
    const halves = [content.subarray(0, 30_000), content.subarray(30_000)].map(octetString);
    const nested = Buffer.concat([hex('24 80 24 80'), halves[0]!, hex('0000'), halves[1]!, hex('0000')]);
    for (const cut of [1, 7, 4096, 100_000]) {
      for (const bytes of [octetString(content), der(0x24, ...halves), nested]) {
        expect((await octetsOf(bytes, cut)).equals(content)).toBe(true);
      }
    }
  });
});

describe('is refused', () => {
  it.each<[BerFault, string, string]>([
    ['cut-off', 'a value cut off in its content', '04 05 61'],
    ['cut-off', 'a value cut off in its length', '04 82 01'],
    ['cut-off', 'a value that is only a tag', '30'],
    ['cut-off', 'an indefinite value that never ends', '30 80 02 01 01'],
    ['bad-length', 'a length of 127 octets', `04 ff ${'00'.repeat(127)}`],
    ['bad-length', 'a length of nine octets', '04 89 00 00 00 00 00 00 00 00 01 61'],
    ['bad-length', 'a length that would be negative in 64 bits', '04 88 ff ff ff ff ff ff ff ff 61'],
    ['bad-length', 'a primitive value of indefinite length', '04 80 61 00 00'],
    ['bad-length', 'a value longer than the one around it', '30 80 30 03 02 05 01 00 00'],
    ['bad-tag', 'a tag number over 30', '30 80 1f 81 00 01 61 00 00'],
    ['bad-tag', 'an end-of-contents within a definite length', '30 02 00 00'],
    ['bad-tag', 'an end-of-contents with content', '30 80 00 01 61 00 00'],
    ['unexpected', 'another kind within an OCTET STRING', '24 80 02 01 01 00 00'],
    ['too-large', 'more than may be held', '04 84 3b 9a ca 00 61'],
  ])('%s: %s', async (fault, _name, ber) => {
    expect(await faultOf(valueOf(hex(ber)))).toBe(fault);
  });

  it('too-deep: nesting without end, in every way it is read', async () => {
    const deep = Buffer.concat(Array.from({ length: 200_000 }, () => hex('24 80')));
    expect(await faultOf(valueOf(deep))).toBe('too-deep');
    expect(await faultOf(octetsOf(deep))).toBe('too-deep');
    let definite = octetString(Buffer.alloc(1));
    for (let i = 0; i < 100; i += 1) definite = sequence(definite);
    expect(await faultOf(valueOf(definite))).toBe('too-deep');
  });

  it('too-large: many small values that together are too much', async () => {
    const many = Buffer.concat([hex('30 80'), ...Array.from({ length: 500 }, () => smallInteger(1))]);
    expect(await faultOf(valueOf(many, 100, 1000))).toBe('too-large');
  });

  it('more in a value than its reader wants', async () => {
    const reader = readerOf(sequence(smallInteger(1), smallInteger(2)));
    reader.enter((await run(reader.next()))!);
    await run(reader.value((await run(reader.next()))!));
    expect(await faultOf(run(reader.leave()))).toBe('unexpected');
  });
});

it('a content of a gigabyte that is announced and does not come holds nothing', async () => {
  expect(await faultOf(octetsOf(Buffer.concat([derHeader(4, 2 ** 30), Buffer.from('a')])))).toBe('cut-off');
});

it('any bytes end in a value or in a BerError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
      await faultOf(valueOf(Buffer.from(bytes), 5));
      await faultOf(octetsOf(Buffer.from(bytes), 5));
    }),
    { numRuns: 2000 },
  );
});
