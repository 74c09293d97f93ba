// SPDX-License-Identifier: Apache-2.0
import { Domain, SecureMarks } from './tenant.ts';

it.each(['Subject', 'References', 'in-reply-to', 'Thread-Index', 'Content-Type'])(
  'what asks for protection is no field that a mail needs, for it is taken off: %s',
  (header) => {
    expect(SecureMarks.safeParse({ header }).error?.issues[0]?.path).toEqual(['header']);
  },
);

it.each([
  'X-SecureMail-Verdict',
  'DKIM-Signature',
  'ARC-Seal',
  'List-Unsubscribe',
  'return-path',
  'Authentication-Results',
  'Received-SPF',
  'Auto-Submitted',
])('nor one that says something else, also in mail that asks for nothing: %s', (header) => {
  expect(SecureMarks.safeParse({ header }).error?.issues[0]?.path).toEqual(['header']);
});

it('a domain with letters outside ASCII is wanted in the form that mail has it in', () => {
  expect(Domain.safeParse('blåbær.example').error?.issues[0]?.message).toContain('xn--blbr-roah.example');
  expect(Domain.parse('xn--blbr-roah.example')).toBe('xn--blbr-roah.example');
});
