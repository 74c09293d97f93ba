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

/** Without case and accents: `ä` is found by `a`, and by `ae`. */
const forms = (text: string): string[] => {
  const small = text.normalize('NFKC').toLowerCase();
  const spelt = small.replaceAll(/[æäøöåüß]/g, (letter) => SPELT[letter] ?? letter);
  return [small, spelt].map((form) => form.normalize('NFKD').replaceAll(/\p{Mn}/gu, ''));
};

/** Those that have every word that is looked for, anywhere. */
export function matching(contacts: readonly Contact[], looked: string): Contact[] {
  const words = looked.split(/\s+/).filter(Boolean).map(forms);
  return contacts.filter(({ name, group, description }) => {
    const all = forms(`${name} ${group} ${description}`);
    return words.every((word) => all.some((form) => word.some((each) => form.includes(each))));
  });
}
