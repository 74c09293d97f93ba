// SPDX-License-Identifier: Apache-2.0
import { GUARDS, guardText, Language } from '@securemail/contracts';
import { inAscii } from './ascii.ts';
import { replyLines } from './reply-lines.ts';

const words = (lines: readonly string[]) => lines.map((line) => line.replace(/^5\.7\.1 /, '')).join(' ');

describe('the lines of a reply', () => {
  it('are one where it is short', () => {
    expect(replyLines('5.7.1 No. [secure-thread]')).toEqual(['5.7.1 No. [secure-thread]']);
    expect(replyLines('OK')).toEqual(['OK']);
  });

  it.each(Language.options.flatMap((language) => GUARDS.map((guard) => [language, guard] as const)))(
    'are each as long as a line may be, however long the addresses are: in %s, %s',
    (language, guard) => {
      const who = Array.from(
        { length: 9 },
        (_, index) => `${index}${'a'.repeat(63)}@${'b.example.'.repeat(18)}dk`,
      );
      const finding = {
        guard,
        action: 'refuse',
        rules: ['Kundeübergreifend'.repeat(9)],
        unread: [],
      } as const;
      const { title, text } = guardText({ ...finding, rules: [...finding.rules], unread: [] }, who, language);
      const reply = `5.7.1 ${inAscii(`${title}: ${text}`)} [${guard}]`;
      const lines = replyLines(reply);
      for (const line of lines) expect(`550 ${line}\r\n`.length).toBeLessThanOrEqual(512);
      for (const line of lines) expect(line).toMatch(/^5\.7\.1 \S/);
      expect(words(lines)).toBe(words([reply]));
    },
  );

  it('are in ASCII, as people write who have nothing else', () => {
    expect(inAscii('„Sæt“ … (RFC 5321 §4.1.2) – ø')).toBe('"Saet" ... (RFC 5321 section 4.1.2) - oe');
  });

  it('are of one thing each, where several are told', () => {
    expect(replyLines('5.7.1 One. [secure-thread]\nAnother. [new-outsider]')).toEqual([
      '5.7.1 One. [secure-thread]',
      '5.7.1 Another. [new-outsider]',
    ]);
  });

  it('break a word that is longer than a line', () => {
    const lines = replyLines(`5.7.1 ${'a'.repeat(1_200)}`);
    expect(lines.map(({ length }) => length)).toEqual([506, 506, 206]);
  });
});
