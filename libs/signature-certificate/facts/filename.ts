// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { TEXTS } from '../texts/certificate/languages.ts';

const TITLES = Object.values(TEXTS).map(({ title }) => title.toLowerCase());

/** In ASCII, which every mail program reads, and with whose it is: others may lie beside it. */
export const filenameFor = (language: Language, domain: string): string =>
  `${TEXTS[language].title} ${domain.replaceAll(/[^a-zA-Z0-9.-]/g, '-').slice(0, 100)}.pdf`;

/** Whether a reader takes a file of that name for a Signature certificate. */
export function isNamedLikeOurs(filename: string): boolean {
  const plain = filename
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return TITLES.some((title) => plain.startsWith(title));
}
