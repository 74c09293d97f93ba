// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { unopenedWords, type UnopenedFacts } from '@securemail/signature-certificate';

const ATTACHED: Readonly<Record<Language, string>> = {
  en: 'The mail lies in this one as an attachment, exactly as it came. A mail program that has the key opens it from there.',
  da: 'Mailen ligger i denne som vedhæftet fil, præcis som den kom. Et mailprogram, der har nøglen, åbner den derfra.',
  de: 'Die Mail liegt dieser als Anhang bei, genau wie sie kam. Ein Mailprogramm, das den Schlüssel hat, öffnet sie von dort.',
};

/** What stands in place of a mail that could not be opened: lines of plain text. */
export function unopenedNotice(unopened: UnopenedFacts, language: Language): string {
  const { statement, rows } = unopenedWords(unopened, language);
  return [
    `Secure@Mail: ${statement.headline}`,
    statement.explanation,
    '',
    ...rows.flatMap(([label, value]) => [`${label}: ${value}`, '']),
    ATTACHED[language],
    '',
  ].join('\r\n');
}
