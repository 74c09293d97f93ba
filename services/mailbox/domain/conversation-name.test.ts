// SPDX-License-Identifier: Apache-2.0
import { isAnswerSubject, nameOf, ownSubject, seenSubject, startOf } from './conversation-name.ts';

it.each([
  'SecureMailBox message received',
  'SV: SecureMailBox message received',
  'AW: Re: SecureMailBox message received ',
  'Re: [EKSTERN] SecureMailbox Message Received',
])('knows %p as the answer to what was written here', (subject) => {
  expect(isAnswerSubject(subject)).toBe(true);
});

it.each([
  [['Case 7', 'SV: SecureMailBox message received', 'Case 8'], 'Case 7'],
  [['', 'Re: SecureMailBox message received', 'Re: Case 7'], 'Re: Case 7'],
  [['SecureMailBox message received: what is that?'], 'SecureMailBox message received: what is that?'],
  [['Re: SecureMailBox message received'], ''],
  [['  \t', '\u200B\u00AD', 'Case 7'], 'Case 7'],
  [[], ''],
])('of the subjects %p a conversation is named %p', (subjects, name) => {
  expect(nameOf(subjects)).toBe(name);
});

it.each([
  ['REJECTED: Case 4711', 'Case 4711'],
  ['Final decision in case 4711', '4711'],
  ['OK: Case 7', 'Case 7'],
  ['Nej: Case 7', 'Case 7'],
  ['Re: REJECTED: Case 7', 'Case 7'],
  ['Case 8', 'Case 7'],
])('the subject %p is told beside the name %p', (subject, name) => {
  expect(ownSubject(subject, name)).toBe(subject);
});

it.each([
  ['Case 7', 'Case 7'],
  ['Re: Case 7', 'Case 7'],
  ['SV: VS: Case 7 ', 'Case 7'],
  ['AW: WG: Case 7', 'Case 7'],
  ['Fwd:Case 7', 'Case 7'],
  ['RE[2]: Case 7', 'Case 7'],
  ['Case 7', 'Re: Case 7'],
  ['SV: SecureMailBox message received', 'Case 7'],
  ['', ''],
  ['\u200B', 'Case 7'],
])('the subject %p says nothing beside the name %p', (subject, name) => {
  expect(ownSubject(subject, name)).toBe('');
});

it.each(['', '   ', '\u200B', '\u00AD', '\u2060 \u3164', '\u202E', '\u2800', '\t\u0007'])(
  'of the subject %j nothing is seen',
  (subject) => {
    expect(seenSubject(subject)).toBe('');
  },
);

it.each([
  ['Invoice \u202Efdp.exe', 'Invoice fdp.exe'],
  ['\u2067Case\u2069 \u202A7\u202C', 'Case 7'],
])('marks that turn the direction of writing are taken out of %j', (subject, seen) => {
  expect(seenSubject(subject)).toBe(seen);
});

it('a subject of which something is seen is left as it is', () => {
  for (const subject of [' Case\u00AD 7', '👩‍🚀', '.', 'å']) expect(seenSubject(subject)).toBe(subject);
});

it.each([
  ['\n  \u200B\nMy garage\tis small\nThanks', 'My garage is small'],
  ['å'.repeat(61), `${'å'.repeat(60)}…`],
  [' \r\n', ''],
])('the text %j begins with %j', (text, start) => {
  expect(startOf(text)).toBe(start);
});
