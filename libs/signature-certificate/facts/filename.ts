// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { folded } from '@securemail/mime';
import { TEXTS } from '../texts/certificate/languages.ts';

const folding = (text: string) => folded(text).replaceAll(/[^\p{L}\p{N}]+/gu, '');
const TITLES = Object.values(TEXTS).map(({ title }) => folding(title));

/** In ASCII, which every mail program reads, and with whose it is: others may lie beside it. */
export const filenameFor = (language: Language, domain: string): string =>
  `${TEXTS[language].title} ${domain.replaceAll(/[^a-zA-Z0-9.-]/g, '-').slice(0, 100)}.pdf`;

/** Whether a reader takes a file of that name for a Signature certificate, whatever its extension says. */
export function isNamedLikeOurs(filename: string): boolean {
  const plain = folding(filename).replace(/^\p{N}+/u, '');
  return TITLES.some((title) => plain.startsWith(title));
}
