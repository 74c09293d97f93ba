// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { headerIn } from '@securemail/mime';
import { automaticOf } from './automatic.ts';

const GATEWAY = Address.parse('securemail@demo.example');

it.each([
  ['Auto-Submitted: auto-generated', 'program'],
  ['Auto-Submitted: Auto-Replied (vacation)', 'program'],
  ['Auto-Submitted: no', null],
  ['Auto-Submitted: No; by=hand', null],
  ['Precedence: bulk', 'list'],
  ['Precedence: LIST', 'list'],
  ['Precedence: first-class', null],
  ['List-Id: News <news.demo.example>', 'list'],
  ['List-Post: <mailto:news@demo.example>', 'list'],
  ['Auto-Submitted: auto-generated\r\nList-Id: News <news.demo.example>', 'list'],
  ['Mailing-List: contact news-help@demo.example', 'list'],
  ['List-Unsubscribe: <https://demo.example/u>', 'program'],
  ['List-Unsubscribe: <https://demo.example/u>\r\nList-Post: NO', 'list'],
  ['List-Help: <mailto:news-help@demo.example>', 'list'],
  ['List-Id:', null],
  ['X-MS-Exchange-Inbox-Rules-Loop: a@demo.example', 'program'],
  ['X-MS-Exchange-Inbox-Rules-Loop: a@demo.example\r\nPrecedence: list', 'list'],
  ['Sender: securemail@demo.example', null],
  ['Subject: Precedence: bulk', null],
])('%s: %s', (field, by) => {
  expect(automaticOf(headerIn(Buffer.from(`From: a@demo.example\r\n${field}\r\n\r\n`)), GATEWAY)).toBe(by);
});

it("what we wrote is a program's, however its envelope came to be", () => {
  const header = headerIn(Buffer.from('From: "Secure@Mail" <SecureMail@demo.example>\r\n\r\n'));
  expect(automaticOf(header, GATEWAY)).toBe('program');
});
