// SPDX-License-Identifier: Apache-2.0
import { answerIn } from './mailbox-answer.ts';

it.each([
  ['250 2.1.5 Ok', 'known'],
  ['250 ok', 'known'],
  ['251 2.1.5 User not local; will forward', 'known'],
  ['252 2.1.5 Cannot VRFY user, but will take it', 'known'],
  ['550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table', 'unknown'],
  ['550-5.1.1 The email account\n550 5.1.1 does not exist', 'unknown'],
  ['550 Unrouteable address', 'unknown'],
  ['550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02]', 'unknown'],
  ['550 5.2.1 The mailbox is disabled', 'unknown'],
  ['553 5.1.3 Bad address', 'unknown'],
  ['550 5.7.1 Client host rejected: Access denied', 'no-answer'],
  ['554 5.7.1 Relay access denied', 'no-answer'],
  ['550 5.7.606 Access denied, banned sending IP', 'no-answer'],
  ['450 4.2.0 Greylisted', 'no-answer'],
  ['452 4.2.2 Mailbox full', 'no-answer'],
  ['552 5.2.2 Mailbox full', 'no-answer'],
  ['503 5.5.1 Bad sequence of commands', 'no-answer'],
  ['2500 what', 'no-answer'],
  ['', 'no-answer'],
])('%s: %s', (reply, answer) => {
  expect(answerIn(reply)).toBe(answer);
});
