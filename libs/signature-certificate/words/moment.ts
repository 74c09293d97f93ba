// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

const LOCALE: Record<Language, string> = { en: 'en-GB', da: 'da-DK', de: 'de-DE' };

/** A point in time as people write it, always in UTC, so that the same facts always give the same words. */
export const moment = (iso: string, language: Language): string =>
  `${new Intl.DateTimeFormat(LOCALE[language], { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' }).format(new Date(iso))} UTC`;

export const day = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(LOCALE[language], { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
