// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { Address } from './address.ts';
import { shownAddress } from './shown-address.ts';

const shown = (text: string) => shownAddress(Address.parse(text));

describe('an address is shown', () => {
  it.each([
    'bo@citizen.example',
    'søren@xn--rd-lka.example → søren@rød.example',
    'bo@post.xn--blbr-roah.xn--rd-lka.example → bo@post.blåbær.rød.example',
    'bo@xn--strae-oqa.example → bo@straße.example',
    'bo@xn--jxalpdlp.xn--qxam → bo@δοκιμή.ελ',
    'bo@xn--e1afmkfd.xn--p1ai → bo@пример.рф',
  ])('in letters where that is safe: %s', (text) => {
    const [address = '', letters = address] = text.split(' → ');
    expect(shown(address)).toBe(letters);
  });

  it.each([
    ['all Cyrillic under a domain that is not', 'bo@аррӏе.example'],
    ['of two scripts', 'bo@аpple.example'],
    ['of two scripts over its labels', 'bo@пример.rød.рф'],
    ['with a letter that looks like i', 'bo@cıtizen.example'],
    ['with a letter that looks like g', 'bo@ɡoogle.example'],
    ['with a letter that looks like a', 'bo@bɑnk.example'],
    ['with a dot below that nobody sees in a link', 'bo@bạnk.example'],
    ['in a script that few here read', 'bo@例え.example'],
    ['in a script that is written from right to left', 'bo@דוגמה.example'],
  ])('as it is sent where it is %s', (_, text) => {
    expect(shown(text)).toBe(Address.parse(text));
    expect(shown(text)).toContain('@xn--');
  });

  it.each(['xn--a.example', 'xn--zzzzzzzzz.example', 'xn--citizen-.example'])(
    'as it is sent where it is no domain of letters at all: %s',
    (domain) => {
      expect(shownAddress(`bo@${domain}`)).toBe(`bo@${domain}`);
    },
  );

  it('so that who types what he reads writes to the same mailbox', () => {
    const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(label, label, (one, other) => {
        const read = Address.safeParse(`bo@${domainToASCII(`${one}.${other}`)}`);
        fc.pre(read.success);
        expect(Address.parse(shownAddress(read.data))).toBe(read.data);
      }),
      { numRuns: 500 },
    );
  });
});
