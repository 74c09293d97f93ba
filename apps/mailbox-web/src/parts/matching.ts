// SPDX-License-Identifier: Apache-2.0
import type { Contact } from '../api.ts';

/** As they are written where a keyboard lacks them. */
const SPELT: Readonly<Record<string, string>> = {
  æ: 'ae',
  ä: 'ae',
  ø: 'oe',
  ö: 'oe',
  å: 'aa',
  ü: 'ue',
  ß: 'ss',
};

/** Those whose stroke or ligature is no accent that could be taken off (UAX #15). */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};

/** Without case and accents: `ä` is found by `a`, and by `ae`; `ø` by `o`, and by `oe`. */
const forms = (text: string): string[] => {
  const small = text.normalize('NFKC').toLowerCase();
  const spelt = small.replaceAll(/[æäøöåüß]/g, (letter) => SPELT[letter] ?? letter);
  return [small, spelt].map((form) =>
    form
      .normalize('NFKD')
      .replaceAll(/\p{Mn}/gu, '')
      .replaceAll(/[øæœłđðþħı]/g, (letter) => PLAIN[letter] ?? letter),
  );
};

/** Those that have every word that is looked for, anywhere. */
export function matching(contacts: readonly Contact[], looked: string): Contact[] {
  const words = looked.split(/\s+/).filter(Boolean).map(forms);
  return contacts.filter(({ name, group, description }) => {
    const all = forms(`${name} ${group} ${description}`);
    return words.every((word) => all.some((form) => word.some((each) => form.includes(each))));
  });
}
