// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { addressesOf, MalformedMessageError, readHeader } from './index.ts';

const folder = (name: string) => new URL(`./testdata/${name}`, import.meta.url);
const mails = (name: string) => readdirSync(folder(name)).filter((file) => file.endsWith('.eml'));
const mail = (name: string) => readFileSync(folder(name));

/** The bytes in chunks of these sizes, over and over; empty chunks between. */
// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
async function* inChunks(bytes: Buffer, sizes: readonly number[] = [bytes.length]) {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    yield bytes.subarray(at, (at += sizes[i % sizes.length] ?? bytes.length));
  }
}

const read = (name: string) => readHeader(inChunks(mail(name)));
const together = async ({ header, body }: Awaited<ReturnType<typeof readHeader>>) =>
  Buffer.concat([header.toBuffer(), await buffer(body)]);

describe('a message', () => {
  it.each(mails('.').filter((name) => name !== 'header-only.eml'))(
    '%s comes out octet for octet, however it is cut',
    async (name) => {
      const bytes = mail(name);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }).filter((sizes) => sizes.some(Boolean)),
          async (sizes) => {
            expect((await together(await readHeader(inChunks(bytes, sizes)))).equals(bytes)).toBe(true);
          },
        ),
        { numRuns: 50 },
      );
      expect((await together(await readHeader(inChunks(bytes, [1])))).equals(bytes)).toBe(true);
    },
  );

  it('of any fields and any body comes out octet for octet', async () => {
    const name = fc.stringMatching(/^[!-9;-~]{1,20}$/);
    const value = fc.stringMatching(/^[ -~æøå]{0,60}(\r\n[ \t][ -~]{0,20}){0,2}$/);
    const fields = fc.array(fc.tuple(name, value), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fields, fc.uint8Array(), fc.integer({ min: 1, max: 9 }), async (lines, body, size) => {
        const text = lines.map(([key, text]) => `${key}:${text}\r\n`).join('');
        const bytes = Buffer.concat([Buffer.from(`${text}\r\n`), body]);
        const message = await readHeader(inChunks(bytes, [size]));
        expect(message.header.fields.map((field) => field.name)).toEqual(lines.map(([key]) => key));
        expect((await together(message)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('that is all header has an empty body, and gains the empty line', async () => {
    const { header, body } = await read('header-only.eml');
    expect(await buffer(body)).toHaveLength(0);
    expect(header.toBuffer().toString()).toBe(`${mail('header-only.eml').toString()}\r\n`);
  });

  it('from Outlook is understood: encoded words, folding, quoted names', async () => {
    const { header } = await read('outlook.eml');
    expect(header.get('subject')).toBe('Vedrørende journal - ældre bilag og en meget lang emnelinje');
    expect(header.get('Message-ID')).toMatch(/^<AM0PR02MB0001A3F1.*outlook\.com>$/);
    expect(header.get('Thread-Index')).toBe('AdpXk8e5rG2m5Qw7TfKzv2mUo3dZbA==');
    expect(addressesOf(header, 'From')).toEqual([{ name: 'Søren Åstrup', address: 'soren@kommune.example' }]);
    expect(addressesOf(header, 'to')).toEqual([
      { name: 'Hansen, Birgit', address: 'birgit@klinik.example' },
      { name: 'Ægir Ølgaard', address: 'aegir@klinik.example' },
    ]);
    expect(addressesOf(header, 'Cc')).toEqual([]);
  });

  it('from Apple Mail is understood: emoji and a group of addresses', async () => {
    const { header } = await read('apple-mail.eml');
    expect(header.get('Subject')).toBe('Kaffe ☕️ på torsdag?');
    expect(addressesOf(header, 'To').map(({ address }) => address)).toEqual([
      'isak@rungsted.example',
      'tania@rungsted.example',
    ]);
  });

  it('with 8-bit text in its header is understood, be it UTF-8 or Latin-1', async () => {
    const { header } = await read('eight-bit.eml');
    expect(header.get('Subject')).toBe('Årsopgørelse — utf-8 i hovedet');
    expect(addressesOf(header, 'To')).toEqual([{ name: 'Jørgen', address: 'jorgen@a.example' }]);
  });

  it('may have a folded line of nothing but spaces', async () => {
    const { header, body } = await read('folded-with-blank-line.eml');
    expect(header.fields.map(({ name }) => name)).toEqual(['From', 'Subject']);
    expect((await buffer(body)).toString()).toBe('body\r\n');
  });

  it.each(mails('malformed'))('%s is refused with the code in its name', async (name) => {
    for (const sizes of [[10_000], [1], [7]]) {
      const error: unknown = await readHeader(inChunks(mail(`malformed/${name}`), sizes)).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(MalformedMessageError);
      expect(error).toMatchObject({ code: name.split('.')[0] });
    }
  });

  it('with an enormous header is refused as soon as that is known, and its source is closed', async () => {
    let given = 0;
    let closed = false;
    async function* endless() {
      try {
        yield Buffer.from('From: a@a.example\r\n');
        for (;;) {
          given += 1;
          yield Buffer.from(`X-Filler: ${'x'.repeat(1000)}\r\n`);
        }
      } finally {
        closed = await Promise.resolve(true);
      }
    }
    await expect(readHeader(endless())).rejects.toMatchObject({ code: 'header-too-long' });
    expect(given).toBeLessThan(300);
    expect(closed).toBe(true);
  });

  it('may have a header of exactly the octets allowed', async () => {
    const bytes = Buffer.from('From: a@a.example\r\n\r\nbody');
    const exact = { maxHeaderBytes: bytes.length - 4 };
    await expect(readHeader(inChunks(bytes), exact)).resolves.toBeDefined();
    const short = { maxHeaderBytes: bytes.length - 5 };
    await expect(readHeader(inChunks(bytes), short)).rejects.toMatchObject({ code: 'header-too-long' });
  });

  it('is not read further than its header until somebody wants the body', async () => {
    const taken: string[] = [];
    // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
    async function* source() {
      for (const chunk of ['From: a@a.example\r\n\r\n', 'one', 'two']) {
        taken.push(chunk);
        yield Buffer.from(chunk);
      }
    }
    const { body } = await readHeader(source());
    expect(taken).toHaveLength(1);
    expect((await buffer(body)).toString()).toBe('onetwo');
  });

  it('closes its source where the reader of the body leaves early', async () => {
    let closed = false;
    async function* source() {
      try {
        yield Buffer.from('From: a@a.example\r\n\r\none');
        yield Buffer.from('two');
      } finally {
        closed = await Promise.resolve(true);
      }
    }
    const { body } = await readHeader(source());
    for await (const chunk of body) {
      expect(chunk.toString()).toBe('one');
      break;
    }
    expect(closed).toBe(true);
  });
});
