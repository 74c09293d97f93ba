// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { addressesOf, headerIn, sevenBitHeader } from './index.ts';

const headerWith = (...lines: (string | Buffer)[]) =>
  headerIn(
    Buffer.concat([
      ...lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]),
      Buffer.from('\r\n'),
    ]),
  );
const isSevenBit = (bytes: Buffer) => bytes.every((octet) => octet < 128);

describe('text outside ASCII in a header', () => {
  it.each([
    ['a subject', 'Subject', 'Subject: Blåbær til Søren'],
    ['one that is folded', 'Subject', `Subject: ${'Blåbær '.repeat(30)}\r\n og mere`],
    ['a topic', 'Thread-Topic', 'Thread-Topic: Rødgrød'],
    ['a field of a program', 'X-Case', 'X-Case: Sag på Ærø'],
  ])('is in encoded words and says the same: %s', (_, name, lines) => {
    const header = headerWith('Message-ID: <1@x>', lines);
    const written = sevenBitHeader(header);
    expect(isSevenBit(written.toBuffer())).toBe(true);
    expect(written.get(name)).toBe(header.get(name));
    for (const line of written.toBuffer().toString().split('\r\n')) expect(line.length).toBeLessThan(100);
  });

  it.each([
    'Søren Ærø <s@x.example>',
    '"Ærø, Søren" <s@x.example>, Bo <bo@x.example>, Åse <a@x.example>',
    '"Søren \\"Ø\\" <evil@x.example>" <s@x.example>',
    's@x.example (Søren (ikke her)), bo@x.example',
    'Udvalget på Ærø: Søren <s@x.example>, "Åse" <a@x.example>;, Bo <bo@x.example>',
    'Sø.ren Ærø<s@x.example>',
  ])('is in encoded words beside the same addresses: %s', (value) => {
    const header = headerWith(`To: ${value}`);
    const written = sevenBitHeader(header);
    expect(isSevenBit(written.toBuffer())).toBe(true);
    expect(addressesOf(written, 'To')).toEqual(addressesOf(header, 'To'));
  });

  it('stays as it is in a header that would become too long for who reads it', () => {
    const header = headerWith(`Subject: ${'\u{1F4E8}'.repeat(20_000)}`);
    expect(sevenBitHeader(header).toBuffer()).toEqual(header.toBuffer());
  });

  it('that is in the charset of its sender is read as that', () => {
    const written = sevenBitHeader(headerWith(Buffer.from('Subject: Bl\xe5b\xe6r', 'latin1')));
    expect(written.get('Subject')).toBe('Blåbær');
    expect(isSevenBit(written.toBuffer())).toBe(true);
  });

  it.each([
    ['an address', 'To: søren@x.example'],
    ['an address in brackets', 'To: "Søren" <bo@blåbær.example>'],
    ['a local part in quotes', 'To: "søren"@x.example'],
    ['what means more than text', 'Content-Type: text/plain; name="blåbær"'],
    ['7-bit', 'Subject:   =?utf-8?q?Bl=C3=A5?=\r\n  b  '],
  ])('stays as it is: %s', (_, lines) => {
    const header = headerWith(lines);
    expect(sevenBitHeader(header).toBuffer()).toEqual(header.toBuffer());
  });

  it('never makes anybody else a recipient, nor another field, whatever a name is', () => {
    const name = fc.string({
      unit: fc.constantFrom('æ', ' ', ',', '<', '>', '@', ';', ':', '(', ')', 'b', '=', '?'),
    });
    fc.assert(
      fc.property(name, (text) => {
        const header = headerWith(`To: "${text}" <s@x.example>`, `Subject: ${text}`);
        const written = sevenBitHeader(header);
        expect(written.fields).toHaveLength(2);
        expect(addressesOf(written, 'To').map(({ address }) => address)).toEqual(['s@x.example']);
      }),
    );
  });
});
