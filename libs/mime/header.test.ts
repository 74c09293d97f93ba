// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { headerIn, parseAddresses, readHeader, RefusedFieldError, type Header } from './index.ts';

const headerFrom = async (...lines: string[]): Promise<Header> =>
  (await readHeader(Readable.from([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)]))).header;
const linesOf = (header: Header) => header.toBuffer().toString().split('\r\n').slice(0, -2);

it('free text that looks like encoded words is read as it was given', () => {
  const text = 'Re: =?utf-8?Q?=5BSecure=5D?= =?x';
  expect(headerIn(Buffer.from('A: b\r\n\r\n')).with('Subject', text).get('Subject')).toBe(text);
});

describe('a header', () => {
  const original = ['Received: 2', 'Received: 1', 'From: a@a.example', 'X-A:  odd   spacing ', 'SUBJECT: s'];

  it('gives values by name in any case, the first or all', async () => {
    const header = await headerFrom(...original);
    expect(header.get('subject')).toBe('s');
    expect(header.getAll('RECEIVED')).toEqual(['2', '1']);
    expect(header.get('Cc')).toBeUndefined();
    expect(header.getAll('Cc')).toEqual([]);
  });

  it('changes only what it is asked to, and leaves the original as it was', async () => {
    const header = await headerFrom(...original);
    expect(linesOf(header.without(['received', 'Subject']))).toEqual(original.slice(2, 4));
    expect(linesOf(header.without((name) => name.startsWith('x-')))).toEqual(original.toSpliced(3, 1));
    expect(linesOf(header.with('X-B', 'b'))).toEqual([...original, 'X-B: b']);
    expect(linesOf(header.prepend('Received', '3'))).toEqual(['Received: 3', ...original]);
    expect(linesOf(header.replace('Received', 'one'))).toEqual(['Received: one', ...original.slice(2)]);
    expect(linesOf(header.replace('Cc', 'c@c.example'))).toEqual([...original, 'Cc: c@c.example']);
    expect(linesOf(header)).toEqual(original);
  });

  it('writes text outside ASCII as encoded words and folds long lines', async () => {
    const subject = `Vedrørende ${'en meget lang emnelinje '.repeat(8)}på dansk`;
    const header = (await headerFrom('From: a@a.example')).replace('Subject', subject);
    const bytes = header.toBuffer();
    expect(bytes.every((octet) => octet < 0x80)).toBe(true);
    expect(
      Math.max(
        ...bytes
          .toString()
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(78);
    expect(header.get('Subject')).toBe(subject);
    const again = await headerFrom(...linesOf(header));
    expect(again.get('Subject')).toBe(subject);
  });

  it('never lets a value become another field', async () => {
    const header = await headerFrom('From: a@a.example');
    for (const value of ['x\r\nBcc: b@b.example', 'x\nBcc: b@b.example', 'x\rBcc: b', 'x\0', 'x\u007f']) {
      expect(() => header.with('Subject', value)).toThrow(RefusedFieldError);
    }
    for (const name of ['', 'a b', 'a:b', 'a\r\nb', 'emne-på-dansk', 'x'.repeat(77)]) {
      expect(() => header.with(name, 'x')).toThrow(RefusedFieldError);
    }
  });

  it('with any added text still reads as one field more', async () => {
    const base = await headerFrom('From: a@a.example');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (value) => {
        let header: Header;
        try {
          header = base.with('X-Any', value);
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedFieldError);
          return;
        }
        const again = await headerFrom(...linesOf(header));
        expect(again.fields.map(({ name }) => name)).toEqual(['From', 'X-Any']);
      }),
    );
  });

  it('shows line breaks that an encoded word smuggles in as spaces', async () => {
    const header = await headerFrom('Subject: =?utf-8?q?x=0D=0ABcc:_b=40b.example?=');
    expect(header.get('Subject')).toBe('x Bcc: b@b.example');
  });
});

describe('an address list', () => {
  it.each([
    ['Aske <aske@a.example>, b@b.example', ['aske@a.example', 'b@b.example']],
    ['"Doe, John" <john@a.example>', ['john@a.example']],
    ['undisclosed-recipients:;', []],
    ['', []],
  ])('%j is read', (text, addresses) => {
    expect(parseAddresses(text).map(({ address }) => address)).toEqual(addresses);
  });
});
