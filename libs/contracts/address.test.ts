// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { Address, domainOf, readAddress } from './address.ts';

describe('an envelope address', () => {
  it.each([
    ['anna@demo.example', 'anna@demo.example'],
    ['Anna.Sørensen@Demo.Example', 'Anna.Sørensen@demo.example'],
    ['bo+journal@rødovre.example', 'bo+journal@xn--rdovre-bya.example'],
    ["o'neil/x=y@a.b-c.example", "o'neil/x=y@a.b-c.example"],
  ])('is read: %s', (text, address) => {
    expect(readAddress(text)).toEqual({ ok: true, address });
  });

  it.each([
    'b@y>\r\nRCPT TO:<evil@z',
    'b@y.example\r\nDATA',
    'b\0@y.example',
    'b @y.example',
    'b\u202e@y.example',
    'b\ufffd@y.example',
    '<b@y.example>',
    '"quoted part"@y.example',
    'b@[127.0.0.1]',
    'b@127.0.0.1',
    'b@localhost',
    'b@',
    '@y.example',
    'b',
    '',
    'b@@y.example',
    'b..c@y.example',
    '.b@y.example',
    'b@y.example/x',
    'b@y.example?x',
    'b@y.example#x',
    String.raw`b@y.example\x`,
    'b@y%2eexample',
    'b@y.example:25',
    'b@y.example\uff0fx',
    'b@y\uff052eexample',
    'b@-y.example',
    'b@y..example',
    'a@b@y.example',
    `${'a'.repeat(65)}@y.example`,
    `a@${'y.'.repeat(126)}example`,
  ])('is refused: %j', (text) => {
    expect(readAddress(text)).toMatchObject({ ok: false });
    expect(Address.safeParse(text).success).toBe(false);
  });

  it('never repeats the refused text in the reason', () => {
    const read = readAddress('journal-of-anna @y.example');
    expect(read.ok ? '' : read.reason).not.toContain('journal');
  });

  it('never lets a character through that ends or extends an SMTP command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (local, domain) => {
        const read = readAddress(`${local}@${domain}`);
        if (read.ok) expect(read.address).not.toMatch(/[\s<>"(),:;\[\]\\\p{Cc}]/u);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells its domain', () => {
    expect(domainOf(Address.parse('anna@Demo.EXAMPLE'))).toBe('demo.example');
  });
});
