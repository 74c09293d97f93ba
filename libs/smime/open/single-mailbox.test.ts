// SPDX-License-Identifier: Apache-2.0
import { isSingleMailbox } from './single-mailbox.ts';

const from = (value: string) => ({ name: 'From', raw: Buffer.from(`From: ${value}\r\n`) });

describe('a From that is plainly one mailbox', () => {
  it.each([
    'aske@a.example',
    '<aske@a.example>',
    'Aske <aske@a.example>',
    'Aske B. Holm <aske@a.example> (at work)',
    '"Holm, Aske (HR)" <aske@a.example>',
    '=?utf-8?Q?Bj=C3=B8rn?= <aske@a.example>',
    'Bjørn <bjørn@bücher.example>',
    'Aske\r\n <aske@a.example>',
    'Aske (of the "town") <aske@a.example>',
  ])('is %j', (value) => {
    expect(isSingleMailbox(from(value))).toBe(true);
  });

  it.each([
    '<aske@a.example> <ceo@bank.example>',
    'aske@a.example ceo@bank.example',
    '"ceo@bank.example" aske@a.example',
    '"ceo@bank.example" <>',
    'ceo@bank.example <aske@a.example>',
    'aske@a.example, ceo@bank.example',
    'Us: aske@a.example;',
    '(a (nested) comment) aske@a.example',
    'aske',
    '',
  ])('is not %j', (value) => {
    expect(isSingleMailbox(from(value))).toBe(false);
  });

  it('is told of any text in time that grows with it', () => {
    for (const hostile of ['"', '(', '\\', '<a@b', 'a@', '" ', '() '])
      expect(isSingleMailbox(from(hostile.repeat(60_000)))).toBe(false);
  });
});
