// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerWith } from '../../testing/header.ts';
import { threadKeysOf, type ThreadKeys } from './thread-keys.ts';

const SAMPLES = join(import.meta.dirname, '../../testdata/threads');
const keysIn = async (file: string) =>
  threadKeysOf(
    await headerWith(readFileSync(join(SAMPLES, file), 'utf8').trimEnd().replaceAll('\n', '\r\n')),
  );
const all = ({ own, earlier }: ThreadKeys) => [...(own === null ? [] : [own]), ...earlier];
const inCommon = (one: ThreadKeys, other: ThreadKeys) =>
  all(one).filter((key) => all(other).includes(key)).length;

describe('the thread of a mail', () => {
  it.each(readdirSync(SAMPLES).filter((file) => /\.(reply|forward)\.eml$/.test(file)))(
    'survives %s',
    async (file) => {
      expect(inCommon(await keysIn('original.eml'), await keysIn(file))).toBeGreaterThan(0);
    },
  );

  it('is not that of another conversation with the same subject', async () => {
    expect(inCommon(await keysIn('original.eml'), await keysIn('another-conversation.eml'))).toBe(0);
  });

  it('is found again from the last of very many answers, and by whoever answers the first', async () => {
    const id = (number: number) => `<${number}@demo.example>`;
    const references = Array.from({ length: 5_000 }, (_, index) => id(index));
    const last = threadKeysOf(
      await headerWith(`Message-ID: ${id(5_000)}`, `References: ${references.join('\r\n ')}`),
    );
    expect(last.earlier.length).toBeLessThan(50);
    for (const earlier of [0, 4_990, 4_999])
      expect(inCommon(last, threadKeysOf(await headerWith(`Message-ID: ${id(earlier)}`)))).toBe(1);
  });

  it.each([
    [
      'what Exchange writes into a mail that a rule made',
      'X-MS-Exchange-Parent-Message-Id: <1@demo.example>',
    ],
    ['In-Reply-To in encoded words', 'In-Reply-To: =?utf-8?q?=3C1=40demo=2Ee?= =?utf-8?q?xample=3E?='],
    [
      'a field of several, in any case',
      'references: <0@x.example>\r\nREFERENCES:\r\n <1@demo.example> (of Monday)',
    ],
    ['an id without brackets', 'In-Reply-To: 1@demo.example'],
    ['ids without brackets', 'References: 0@x.example 1@demo.example'],
    ['an id that is folded', 'In-Reply-To: <1@demo\r\n .example>'],
    ['one of two Message-IDs', 'Message-ID: <2@demo.example>\r\nMessage-ID: <1@demo.example>'],
  ])('is found by %s', async (_, lines) => {
    const original = threadKeysOf(await headerWith('Message-ID: <1@demo.example>'));
    expect(inCommon(original, threadKeysOf(await headerWith(lines)))).toBe(1);
  });

  it('is that of a Message-ID without brackets, for who answers with them or without', async () => {
    const original = threadKeysOf(await headerWith('Message-ID: 1@demo.example'));
    for (const answer of ['In-Reply-To: <1@demo.example>', 'In-Reply-To: 1@demo.example'])
      expect(inCommon(original, threadKeysOf(await headerWith(answer)))).toBe(1);
  });

  it.each([
    ['an answer', ['In-Reply-To: <1@demo.example>'], true],
    ['an answer by Outlook', [`Thread-Index: ${Buffer.alloc(27, 1).toString('base64')}`], true],
    ['a first mail by Outlook', [`Thread-Index: ${Buffer.alloc(22, 1).toString('base64')}`], false],
    ['a first mail', ['Message-ID: <1@demo.example>'], false],
  ])('has something before it or not: %s', async (_, lines, answers) => {
    expect(threadKeysOf(await headerWith(...lines)).answers).toBe(answers);
  });

  it.each([
    ['nothing', []],
    ['a Thread-Index that is cut off', ['Thread-Index: AQHbLIxk3mJx']],
    ['a sentence', ['In-Reply-To: your mail of Monday']],
    ['a sentence with an address', ['In-Reply-To: your mail to bo@citizen.example of Monday']],
    ['itself alone', ['Message-ID: <1@demo.example>', 'In-Reply-To: <1@demo.example>']],
  ])('has no beginning in %s', async (_, lines) => {
    expect(threadKeysOf(await headerWith('From: anna@demo.example', ...lines)).earlier).toEqual([]);
  });
});
