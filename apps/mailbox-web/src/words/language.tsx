// SPDX-License-Identifier: Apache-2.0
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { DANISH } from './danish.ts';
import { ENGLISH } from './english.ts';
import { GERMAN } from './german.ts';
import type { Words } from './words.ts';

export const LANGUAGES: readonly Words[] = [ENGLISH, DANISH, GERMAN];
const KEY = 'securemail-language';

/** The language that was chosen here before; else the first of the browser's that is one of ours. */
function languageAtFirst(): Words {
  const wanted = [localStorage.getItem(KEY) ?? '', ...navigator.languages].map((each) => each.slice(0, 2));
  const found = wanted.flatMap((each) => LANGUAGES.find(({ language }) => language === each) ?? []);
  return found[0] ?? ENGLISH;
}

interface Chosen {
  words: Words;
  choose: (language: string) => void;
}
const Language = createContext<Chosen>({ words: ENGLISH, choose: () => undefined });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [words, setWords] = useState(languageAtFirst);
  useEffect(() => {
    document.documentElement.lang = words.language;
  }, [words]);
  const choose = (language: string) => {
    localStorage.setItem(KEY, language);
    setWords(LANGUAGES.find((each) => each.language === language) ?? ENGLISH);
  };
  return <Language value={{ words, choose }}>{children}</Language>;
}

export const useLanguage = (): Chosen => use(Language);
export const useWords = (): Words => use(Language).words;

/** Times as people of that language write them, where the reader is. */
export function useTimes() {
  const { language } = useWords();
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long' });
  const moment = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'long',
    timeStyle: 'short',
  });
  return {
    date: (iso: string) => date.format(new Date(iso)),
    moment: (iso: string) => moment.format(new Date(iso)),
  };
}

/** Octets as people read them. */
export function useSize() {
  const { language } = useWords();
  return (octets: number): string => {
    const [unit, divisor] =
      octets < 1_000
        ? (['byte', 1] as const)
        : octets < 1_000_000
          ? (['kilobyte', 1_000] as const)
          : (['megabyte', 1_000_000] as const);
    return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(
      octets / divisor,
    );
  };
}
