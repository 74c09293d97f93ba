// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import type { UnopenedFacts } from '../facts/unopened-facts.ts';
import { TEXTS } from '../texts/certificate/languages.ts';
import type { Texts, UnopenedReason } from '../texts/certificate/texts.ts';
import type { Row, Statement } from './description.ts';
import { day } from './moment.ts';

/** What a reader is told of a mail that could not be opened: why, for which keys it was, and who is to do what. */
export interface UnopenedWords {
  statement: Omit<Statement, 'tone'>;
  rows: readonly Row[];
}

export function unopenedWords(unopened: UnopenedFacts, language: Language): UnopenedWords {
  const texts = TEXTS[language];
  const { labels } = texts;
  const { explanation, toDo } = texts.unopened[reasonOf(unopened)];
  const list = (label: string, all: readonly string[]): Row[] =>
    all.length === 0 ? [] : [[label, all.join('; ')]];
  return {
    statement: { headline: texts.unopenedHeadline, explanation },
    rows: [
      ...list(
        labels.encryptedFor,
        unopened.encryptedFor.map((each) => named(each, texts)),
      ),
      ...list(
        labels.keysTried,
        unopened.tried.map(({ names, subject, serial, notAfter }) => {
          const whose = names.length === 0 ? subject : names.slice(0, 3).join(', ');
          return `${whose} (${labels.serial} ${serial.toUpperCase()}, ${texts.until.replace('%d', day(notAfter, language))})`;
        }),
      ),
      [labels.toDo, toDo],
    ],
  };
}

function reasonOf({ code, tried }: UnopenedFacts): UnopenedReason {
  switch (code) {
    case 'no-recipient':
      return tried.length === 0 ? 'no-key' : 'other-keys';
    case 'decryption-failed':
      return 'damaged';
    case 'too-many-layers':
      return 'too-many-layers';
    case 'weak-algorithm':
      return 'weak';
    case 'forwards-outside':
      return 'forwards-outside';
    case 'not-neutralised':
      return 'doubtful';
    default:
      return 'unreadable';
  }
}

const named = (each: UnopenedFacts['encryptedFor'][number], { labels }: Texts): string =>
  'keyIdentifier' in each
    ? `${labels.keyIdentifier} ${each.keyIdentifier}`
    : [`${labels.serial} ${each.serialNumber}`, each.issuer].filter((part) => part !== '').join(', ');
