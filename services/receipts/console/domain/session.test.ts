// SPDX-License-Identifier: Apache-2.0
import { plainLine } from '@securemail/service';
import { nameIn, roleIn } from './session.ts';

const VALUES = {
  reader: ['helpdesk'],
  auditor: ['revision'],
  decider: ['officers', 'lawyers'],
  operator: ['sre'],
};

describe('what a claim allows', () => {
  it.each([
    ['helpdesk', 'reader'],
    [['helpdesk', 'lawyers'], 'decider'],
    [['sre', 'helpdesk'], 'operator'],
    [['revision', 'helpdesk'], 'auditor'],
    [['revision', 'lawyers'], 'decider'],
    [['staff'], null],
    [[], null],
    ['', null],
    [undefined, null],
    [null, null],
    [{ sre: true }, null],
    [['SRE'], null],
    ['sre helpdesk', null],
    [[['sre']], null],
  ])('%j: %s', (claim, role) => {
    expect(roleIn(claim, VALUES)).toBe(role);
  });
});

describe('the name of who signs in', () => {
  it.each([
    [{ name: 'Ida Iversen', sub: '1' }, 'Ida Iversen'],
    [{ name: '', preferred_username: 'ida', sub: '1' }, 'ida'],
    [{ name: 7, email: 'ida@demo.example', sub: '1' }, 'ida@demo.example'],
    [{ sub: '248289761001' }, '248289761001'],
    [{ name: 'Ida\r\nBcc: all \u202eeno', sub: '1' }, 'IdaBcc: all eno'],
    [{ name: '\u200b\u200b', sub: '1' }, '1'],
    [{ name: 'a'.repeat(500) }, 'a'.repeat(200)],
    [{ name: '\u845b\u{e0100}\u57ce' }, '\u845b\u57ce'],
    [{ name: `${'a'.repeat(199)}\u{1f600}b` }, `${'a'.repeat(199)}\u{1f600}`],
    [{}, 'Somebody'],
  ])('%j: %s', (claims, name) => {
    expect(nameIn(claims)).toBe(name);
    // It is to stand beside what is decided.
    expect(plainLine().min(1).max(400).parse(name)).toBe(name);
  });
});
