// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { headerIn, readHeader } from './index.ts';

const read = async (text: string) => {
  const { header, body } = await readHeader(Readable.from([Buffer.from(text, 'latin1')]), { repairs: true });
  return {
    header,
    text: header.toBuffer().toString('latin1'),
    body: (await buffer(body)).toString('latin1'),
  };
};

it.each<[string, string, string]>([
  ['white space before a colon', 'Subject : x\r\n', 'Subject: x\r\n'],
  ['a tab before a colon', 'Subject\t:x\r\n y\r\n', 'Subject:x\r\n y\r\n'],
  ['the line of a file of mails', 'From bo@x Mon Jan  1 10:00:00 2026\r\nSubject: x\r\n', 'Subject: x\r\n'],
  ['one that was quoted', 'Subject: x\r\n>From bo@x Mon Jan  1 10:00:00 2026\r\n', 'Subject: x\r\n'],
  ['a From with a blank', 'From : a@x\r\n', 'From: a@x\r\n'],
])('%s is put in order', async (_, header, repaired) => {
  expect(await read(`${header}\r\nbody`)).toMatchObject({ text: `${repaired}\r\n`, body: 'body' });
});

it.each(['hello', 'To me: x', '\xc6rinde: x', '\x01: x', ': x'])(
  'a line that says nothing, %j, ends the header: it and what follows stand in the body',
  async (line) => {
    expect(await read(`Subject: x\r\n${line}\r\nTo: y\r\n\r\nbody`)).toMatchObject({
      text: 'Subject: x\r\n\r\n',
      body: `${line}\r\nTo: y\r\n\r\nbody`,
    });
  },
);

it('what is in order stays octet for octet', async () => {
  const text = 'From: a@x\r\nSubject:  \xe6 =?utf-8?q?x?=\r\n\tfolded\r\nX-From : no\r\n\r\n';
  expect((await read(text)).text).toBe(text.replace('X-From :', 'X-From:'));
});

it.each(['no header\r\n\r\nx', ' Subject: x\r\n\r\nx', 'From bo@x Mon Jan  1 2026\r\n\r\nx'])(
  '%j has none',
  async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'no-header' });
  },
);

it('whatever lines there are, what comes out is read by everybody as the same fields, and no new ones of a known name', async () => {
  const piece = fc.constantFrom(
    'Subject',
    'From',
    ' ',
    '\t',
    ':',
    ' :',
    'x',
    '\xe6',
    '>',
    'From ',
    '\x01',
    '=?',
    '@',
  );
  const line = fc.array(piece, { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
      const text = `${lines.join('\r\n')}\r\n\r\nbody`;
      const found = await read(text).catch((error: unknown) => error as Error);
      if (found instanceof Error) {
        expect(found).toMatchObject({ code: 'no-header' });
        return;
      }
      expect(headerIn(Buffer.from(found.text, 'latin1')).fields).toEqual(found.header.fields);
      const isNamed = (each: string) => /^(subject|from)[ \t]*:/i.test(each);
      const named = found.header.fields.filter(({ name }) => /^(subject|from)$/i.test(name)).length;
      // Whatever is not a field is seen in the body.
      const below = found.body.split('\r\n').filter(isNamed).length;
      expect(named + below).toBe(lines.filter(isNamed).length);
    }),
    { numRuns: 2_000 },
  );
});
