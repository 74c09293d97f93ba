// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { authorsAllowed } from './authors.ts';

/** A sender who may send as Anna and Ulla. */
const allowed = async (...lines: string[]) =>
  authorsAllowed(await headerWith('Subject: Journal', ...lines), (author) =>
    ['anna@demo.example', 'ulla@demo.example'].includes(author),
  );

describe('whom a mail shows as its authors', () => {
  it.each([
    ['the sender', ['From: anna@demo.example']],
    ['the sender with a name', ['From: Anna Ager <anna@demo.example>']],
    ['a domain in capitals', ['From: Anna <anna@DEMO.example>']],
    ['two, and the sender may send as both', ['From: anna@demo.example, Ulla <ulla@demo.example>']],
    ['a quoted name with an @', ['From: "Anna @ work, Demo" <anna@demo.example>']],
    ['an encoded name with an @', ['From: =?utf-8?Q?Anna_=40_=C3=98stergade?=', ' <anna@demo.example>']],
    ['an encoded name with half a quotation', ['From: =?utf-8?Q?=22Anna?= <anna@demo.example>']],
    ['the sender as sender, too', ['From: anna@demo.example', 'Sender: Anna <anna@demo.example>']],
    [
      'a colleague who resends, and the sender may send as her',
      ['From: anna@demo.example', 'Resent-From: ulla@demo.example', 'Resent-Sender: anna@demo.example'],
    ],
  ])('%s: allowed', async (_case, lines) => {
    expect(await allowed(...lines)).toBe(true);
  });

  it.each([
    ['somebody else', ['From: boss@demo.example']],
    ['somebody else under the sender’s name', ['From: "anna@demo.example" <boss@demo.example>']],
    ['somebody else beside the sender', ['From: anna@demo.example, boss@demo.example']],
    ['somebody else in a second field', ['From: anna@demo.example', 'From: boss@demo.example']],
    ['somebody else in a group', ['From: Us: anna@demo.example, boss@demo.example;']],
    ['an empty group', ['From: Us:;']],
    ['nobody', []],
    ['nothing', ['From:']],
    ['no address', ['From: Anna Ager']],
    ['an address that is none', ['From: anna@localhost']],
    ['a list that can be read in two ways', ['From: boss@demo.example <anna@demo.example>']],
    [
      'encoded quotes around somebody else, which are none',
      ['From: =?utf-8?Q?=22?= boss@demo.example =?utf-8?Q?=22?= <anna@demo.example>'],
    ],
    ['an address inside an encoded word', ['From: =?utf-8?Q?anna=40demo.example?=']],
    ...['Sender', 'Resent-From', 'Resent-Sender', 'SENDER'].flatMap((name): [string, string[]][] => [
      [`somebody else as ${name}`, ['From: anna@demo.example', `${name}: boss@demo.example`]],
      [
        `somebody else in a second ${name}`,
        ['From: anna@demo.example', `${name}: anna@demo.example`, `${name}: boss@demo.example`],
      ],
      [`nobody as ${name}`, ['From: anna@demo.example', `${name}: the boss`]],
      [
        `a ${name} that can be read in two ways`,
        ['From: anna@demo.example', `${name}: boss@demo.example <anna@demo.example>`],
      ],
    ]),
  ])('%s: refused', async (_case, lines) => {
    expect(await allowed(...lines)).toBe(false);
  });
});
