// SPDX-License-Identifier: Apache-2.0
import { Address, Language } from '@securemail/contracts';
import { headerIn, type Header } from '@securemail/mime';
import { letterMail } from './letter.ts';
import { answeredBy, answeredPerson, isRefused, replyMail } from './reply.ts';

const header = (...lines: string[]): Header => headerIn(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
const facts = {
  original: header('From: anna@demo.example', 'Subject: Case', 'Message-ID: <c@demo.example>'),
  author: Address.parse('bo@citizen.example'),
  to: Address.parse('anna@demo.example'),
  text: 'Yes.',
  files: [],
  at: new Date('2026-11-29T10:00:00Z'),
  messageId: '<r@demo.example>',
};

describe.each(Language.options)('an answer in %s', (language) => {
  it('says who wrote it, where, and what it answers', () => {
    const { subject, text } = replyMail({ ...facts, language });
    expect(subject).toBe('SecureMailBox message received');
    expect(text).toMatch(/bo@citizen\.example.*SecureMailBox.*Case/);
    expect(text?.endsWith('\n\nYes.\n')).toBe(true);
  });
});

it('an answer refers to all that came before, the oldest left out where they are too many', () => {
  const many = Array.from({ length: 200 }, (_, index) => `<${index}.${'x'.repeat(40)}@demo.example>`);
  const original = header('Message-ID: <last@demo.example>', `References: ${many.join('\r\n ')}`);
  const { headers = {} } = replyMail({ ...facts, language: 'en', original });
  const references = headers['References'] ?? '';
  expect(references.length).toBeLessThanOrEqual(4_000);
  expect(references.endsWith(`${many.at(-1) ?? ''} <last@demo.example>`)).toBe(true);
  expect(references).not.toContain('<0.');
});

it('an answer to what has no Message-ID refers to nothing', () => {
  expect(replyMail({ ...facts, language: 'en', original: header('Subject: x') }).headers).toEqual({});
});

it('what a mail answers is told the nearest first, each once', () => {
  const answer = header('In-Reply-To: <c@x>', 'References: <a@x>\r\n\t<b@x> <c@x> not-an-id <d e@x>');
  expect(answeredBy(answer)).toEqual(['<c@x>', '<b@x>', '<a@x>']);
});

it.each([
  [['From: anna@demo.example'], 'anna@demo.example'],
  [['Reply-To: Sager <sager@demo.example>', 'From: anna@demo.example'], 'sager@demo.example'],
  [['Reply-To: eve@evil.example', 'From: anna@demo.example'], 'anna@demo.example'],
  [['Reply-To: eve@evil.example, sager@demo.example', 'From: anna@demo.example'], 'sager@demo.example'],
  [['From: eve@evil.example'], 'envelope@demo.example'],
  [['Subject: x'], 'envelope@demo.example'],
])('an answer to %j goes to %s', (lines, to) => {
  const mailFrom = Address.parse('envelope@demo.example');
  expect(answeredPerson(header(...lines), { ownDomains: ['demo.example'], mailFrom })).toBe(to);
});

it('a file is refused by the end of its name, in any case, and in letters that look so', () => {
  expect(['a.exe', 'A.EXE', 'a.pdf.Exe', 'a．ｅＸe', 'a․exe'].every((name) => isRefused(name, ['exe']))).toBe(
    true,
  );
  expect(['exe', 'a.exe.pdf', 'aexe'].some((name) => isRefused(name, ['exe']))).toBe(false);
});

it('an answer and a letter leave out what can not be seen, and may act where they are read', () => {
  const typed = 'a\u0000b \u001B[31mred\u0007\u009B end\tof\nlines ✓';
  const { text } = replyMail({ ...facts, language: 'en', text: typed });
  const { author, to, files, at, messageId } = facts;
  const letter = letterMail({
    ...{ author, to, files, at, messageId },
    ...{ contact: 'Byg', subject: '', language: 'en', text: typed },
  });
  for (const each of [text, letter.text]) expect(each).toContain('ab [31mred end\tof\nlines ✓');
});
