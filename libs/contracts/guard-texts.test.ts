// SPDX-License-Identifier: Apache-2.0
import { guardText } from './guard-texts.ts';
import { GUARDS, GuardAction } from './guards.ts';
import { Language } from './language.ts';

const WHO = ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example', 'e@x.example'];

describe('what guards say', () => {
  const cases = Language.options.flatMap((language) =>
    GUARDS.flatMap((guard) => GuardAction.options.map((action) => [language, guard, action] as const)),
  );

  it.each(cases)('in %s, of %s: %s', (language, guard, action) => {
    const { title, text } = guardText({ guard, action, rules: ['CPR-nummer'], unread: [] }, WHO, language);
    expect(title).toMatch(/\S/);
    expect(text).toMatch(/\.$/);
    expect(text).not.toMatch(/%/);
    if (guard === 'new-outsider' || guard === 'forwards-outside') expect(text).toContain(WHO[0]);
    if (guard === 'sensitive-content') expect(text).toContain('CPR-nummer');
    // Where addresses are short, it fits on one line of an SMTP reply (RFC 5321 §4.5.3.1.5).
    expect(title.length + text.length).toBeLessThan(440);
  });

  it('names three, and counts the others', () => {
    const text = (who: string[]) =>
      guardText({ guard: 'new-outsider', action: 'allow', rules: [], unread: [] }, who, 'en').text;
    expect(text(WHO.slice(0, 1))).toContain('internal: a@x.example.');
    expect(text(WHO.slice(0, 3))).toContain(': a@x.example, b@x.example and c@x.example.');
    expect(text(WHO)).toContain(': a@x.example, b@x.example, c@x.example and 2 more.');
  });

  it('fits one newcomer as well as several (da)', () => {
    const words = (who: string[]) =>
      GuardAction.options.map((action) => {
        const { title, text } = guardText(
          { guard: 'new-outsider', action, rules: [], unread: [] },
          who,
          'da',
        );
        return `${title}: ${text.replace(who.join(' og '), '')}`;
      });
    expect(words(WHO.slice(0, 2))).toEqual(words(WHO.slice(0, 1)));
    expect(words(WHO).join()).not.toMatch(/\b(ny|en udefrakommende|vedkommende)\b/i);
  });

  it.each([
    ['en', 'or not at all', /\bwas (sent|forwarded) securely/],
    ['da', 'eller slet ikke', /\bblev (mailen |den |denne )?(videre)?sendt sikkert/],
    ['de', 'oder gar nicht', /\bwurde (die Mail |sie )?sicher (weiter)?ge/],
  ] as const)('of what is protected says nothing that a hold would belie (%s)', (language, words, belied) => {
    for (const guard of GUARDS.filter((each) => each !== 'forwards-outside')) {
      const { text } = guardText({ guard, action: 'protect', rules: ['CPR'], unread: [] }, WHO, language);
      expect(text).toContain(words);
      // What was written before may have been sent.
      expect(text.replace(/^(Earlier|Tidligere|Frühere)[^,]*,/, '')).not.toMatch(belied);
    }
  });

  it.each([
    ['en', 'something that cannot be checked', 'sensitive information'],
    ['da', 'noget, der ikke kan undersøges', 'følsomme oplysninger'],
    ['de', 'etwas, das nicht geprüft werden kann', 'schützenswerte Angaben'],
  ] as const)('says that something was found only where it was (%s)', (language, closed, found) => {
    const titled = (rules: string[], unread: 'encrypted'[]) =>
      guardText({ guard: 'sensitive-content', action: 'protect', rules, unread }, [], language).title;
    expect(titled([], ['encrypted'])).toContain(closed);
    expect(titled(['CPR'], ['encrypted'])).toContain(found);
    expect(titled(['CPR'], [])).toContain(found);
  });

  it('tells of what could not be looked into', () => {
    const { text } = guardText(
      { guard: 'sensitive-content', action: 'protect', rules: ['CPR'], unread: ['encrypted'] },
      [],
      'da',
    );
    expect(text).toContain('CPR og noget, der ikke kan undersøges');
  });
});
