// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

/** Always in UTC: a reader may be anywhere. */
const formats = (options: Intl.DateTimeFormatOptions): Record<Language, Intl.DateTimeFormat> => {
  const of = (locale: string) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return { en: of('en-GB'), da: of('da-DK'), de: of('de-DE') };
};
const MOMENT = formats({ dateStyle: 'long', timeStyle: 'medium' });
const DAY = formats({ dateStyle: 'long' });

/** A point in time as people write it. */
export const moment = (iso: string, language: Language): string =>
  `${MOMENT[language].format(new Date(iso))} UTC`;

export const day = (iso: string, language: Language): string => DAY[language].format(new Date(iso));
