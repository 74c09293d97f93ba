// SPDX-License-Identifier: Apache-2.0
import { createContext, use, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { wordsOf } from './load.ts';
import type { Words } from './words.ts';

/** Tells the server, too, which says in what language a page comes (services/mailbox/http/language.ts). */
function keep(language: string): void {
  document.cookie = `__Host-securemail-language=${language}; Path=/; Secure; SameSite=Lax; Max-Age=31536000`;
}

interface Chosen {
  words: Words;
  choose: (language: string) => void;
}
const Language = createContext<Chosen | null>(null);

export function LanguageProvider({ first, children }: { first: Words; children: ReactNode }) {
  const [words, setWords] = useState(first);
  const wanted = useRef(first.language);
  useEffect(() => {
    document.documentElement.lang = words.language;
  }, [words]);
  const choose = (language: string) => {
    wanted.current = language;
    keep(language);
    void wordsOf(language).then(
      (chosen) => {
        if (wanted.current === language) setWords(chosen);
      },
      // It did not arrive: the page stays as it is, and the next one comes in that language.
      () => undefined,
    );
  };
  return <Language value={{ words, choose }}>{children}</Language>;
}

export function useLanguage(): Chosen {
  const chosen = use(Language);
  if (chosen === null) throw new Error('the page has no language');
  return chosen;
}
export const useWords = (): Words => useLanguage().words;

const never = () => () => undefined;
/** Where the reader is; where the page is rendered first nobody knows that, and times are those of the mails. */
const useZone = (): string | undefined =>
  useSyncExternalStore<string | undefined>(
    never,
    () => undefined,
    () => 'UTC',
  );

/** Times as people of that language write them, where the reader is. */
export function useTimes() {
  const { language } = useWords();
  const timeZone = useZone();
  const of = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...options, timeZone });
  return {
    /** To the minute, and in whose time, for who plans by it. */
    end: (iso: string) =>
      of({
        year: 'numeric',
        month: 'long',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
        timeZoneName: 'short',
      }).format(new Date(iso)),
    /** Of this day. @param at milliseconds */
    clock: (at: number) => of({ timeStyle: 'short' }).format(new Date(at)),
    moment: (iso: string) => of({ dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso)),
  };
}

/** A number as people of that language write it. */
export function useCount() {
  const { language } = useWords();
  return (count: number): string => new Intl.NumberFormat(language).format(count);
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
