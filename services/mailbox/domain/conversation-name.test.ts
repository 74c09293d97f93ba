// SPDX-License-Identifier: Apache-2.0
import { isAnswerSubject, nameOf } from './conversation-name.ts';

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
  [[], ''],
])('of the subjects %p a conversation is named %p', (subjects, name) => {
  expect(nameOf(subjects)).toBe(name);
});
