// SPDX-License-Identifier: Apache-2.0
import { headerIn } from '@securemail/mime';
import { isAutomatic } from './automatic.ts';

it.each([
  ['Auto-Submitted: auto-generated', true],
  ['Auto-Submitted: Auto-Replied (vacation)', true],
  ['Auto-Submitted: no', false],
  ['Auto-Submitted: No; by=hand', false],
  ['Precedence: bulk', true],
  ['Precedence: LIST', true],
  ['Precedence: first-class', false],
  ['List-Id: News <news.demo.example>', true],
  ['List-Post: <mailto:news@demo.example>', true],
  ['List-Id:', false],
  ['Subject: Precedence: bulk', false],
])('%s: %s', (field, automatic) => {
  expect(isAutomatic(headerIn(Buffer.from(`From: a@demo.example\r\n${field}\r\n\r\n`)))).toBe(automatic);
});
