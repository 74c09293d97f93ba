// SPDX-License-Identifier: Apache-2.0
import type { Words } from './words.ts';

/** Of each, its name and what it says: only that of the reader is fetched. */
export const LANGUAGES = {
  en: { name: 'English', words: async () => (await import('./english.ts')).ENGLISH },
  da: { name: 'Dansk', words: async () => (await import('./danish.ts')).DANISH },
  de: { name: 'Deutsch', words: async () => (await import('./german.ts')).GERMAN },
} as const satisfies Record<string, { name: string; words: () => Promise<Words> }>;
type LanguageTag = keyof typeof LANGUAGES;

const isOurs = (language: string): language is LanguageTag => Object.hasOwn(LANGUAGES, language);

export const wordsOf = async (language: string): Promise<Words> =>
  await LANGUAGES[isOurs(language) ? language : 'en'].words();
