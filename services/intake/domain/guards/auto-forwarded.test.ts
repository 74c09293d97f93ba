// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../../testing/header.ts';
import { isAutoForwarded } from './auto-forwarded.ts';

describe('a mail that a mailbox forwards by itself', () => {
  it.each([
    ['an inbox rule of Exchange', 'X-MS-Exchange-Inbox-Rules-Loop: bo@demo.example', true],
    [
      'the same, where it made a new mail',
      'X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent',
      true,
    ],
    ['Exchange says so', 'X-MS-Exchange-Organization-AutoForwarded: true', true],
    ['Exchange denies it', 'X-MS-Exchange-Organization-AutoForwarded: false', false],
    ['X.400', 'Autoforwarded: TRUE', true],
    ['a server without a word for it', 'Auto-Submitted: auto-forwarded', true],
    ['Gmail', 'X-Forwarded-For: bo@demo.example kim@citizen.example', true],
    ['Sieve', 'X-Sieve-Redirected-From: bo@demo.example', true],
    ['an answer of a robot', 'Auto-Submitted: auto-replied', false],
    ['a report of a robot', 'Auto-Submitted: auto-generated', false],
    ['a person forwards', 'X-Forwarded-Message-Id: <1@demo.example>', false],
    ['a person resends', 'Resent-From: bo@demo.example', false],
    [
      'Exchange made another mail',
      'X-MS-Exchange-Generated-Message-Source: Antispam Quarantine Agent',
      false,
    ],
    ['a filter that runs Sieve', 'X-Sieve: CMU Sieve 2.4', false],
  ])('%s', async (_, field, forwarded) => {
    expect(isAutoForwarded(await headerWith('From: anna@demo.example', field))).toBe(forwarded);
  });
});
