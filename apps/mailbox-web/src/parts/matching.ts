// SPDX-License-Identifier: Apache-2.0
import type { Contact } from '../api.ts';

/** Without case and accents; letters that are their own, such as æ and ø, stay. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();

/** Those that have every word that is looked for, anywhere. */
export function matching(contacts: readonly Contact[], looked: string): Contact[] {
  const words = plain(looked).split(/\s+/).filter(Boolean);
  return contacts.filter(({ name, group, description }) => {
    const all = plain(`${name} ${group} ${description}`);
    return words.every((word) => all.includes(word));
  });
}
