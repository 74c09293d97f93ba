// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import type { SignatureCertificateFacts, Summary } from '../facts/facts.ts';
import { TEXTS } from '../texts/certificate/languages.ts';
import type { Texts } from '../texts/certificate/texts.ts';
import type { Description, Row, Table, Tone } from './description.ts';
import { detailTables } from './details.ts';
import { moment } from './moment.ts';
import { unopenedWords, type UnopenedWords } from './unopened.ts';
import { legRow } from './way.ts';

/** More are counted: what has to be read stands behind them. */
const SHOWN = 12;

/** What a Signature certificate says, in words: the overview first, the technical details after it. */
export function describe(facts: SignatureCertificateFacts, language: Language): Description {
  const texts = TEXTS[language];
  const { headings } = texts;
  const unopened = facts.unopened === undefined ? null : unopenedWords(facts.unopened, language);
  const section = (heading: string, rows: readonly Row[]): Table[] =>
    rows.length === 0 ? [] : [{ heading, level: 2, rows }];
  return {
    title: texts.title,
    tone: toneOf(facts),
    statements: statements(facts, unopened, texts),
    tables: [
      ...section(headings.overview, overview(facts, texts, language)),
      ...section(headings.unopened, unopened?.rows ?? []),
      ...section(
        headings.way,
        facts.legs.map((leg) => legRow(leg, texts)),
      ),
      ...section(
        headings.reservations,
        facts.reservations.map((code) => [code, reservationText(code, texts)]),
      ),
      { heading: headings.details, level: 2, rows: [] },
      ...detailTables(facts, texts, language),
    ],
    notes: [texts.note.replace('%o', () => facts.organisation.name), texts.proof],
  };
}

function statements(
  { summary }: { summary: Summary },
  unopened: UnopenedWords | null,
  texts: Texts,
): Description['statements'] {
  switch (summary.kind) {
    case 'sent':
      return [texts.sent[summary.method]];
    case 'received':
      return [unopened?.statement ?? texts.verdict[summary.verdict], texts.arrival[summary.arrival]];
  }
}

function toneOf({ summary, reservations }: SignatureCertificateFacts): Tone {
  if (summary.kind === 'sent') return 'good';
  if (summary.verdict === 'invalid' || summary.arrival === 'insecure') return 'bad';
  return summary.verdict === 'valid' && reservations.length === 0 ? 'good' : 'doubtful';
}

function overview(facts: SignatureCertificateFacts, texts: Texts, language: Language): Row[] {
  const { labels } = texts;
  const signers = facts.signatures.map(({ certificate, by }) => {
    const names = certificate?.names ?? [];
    return names.length === 0 ? texts.by[by] : `${names.join(', ')} (${texts.by[by]})`;
  });
  return [
    [labels.from, listed(facts.from, texts)],
    [labels.to, listed(facts.to, texts)],
    [labels.when, moment(facts.madeAt, language)],
    [labels.direction, texts.direction[facts.direction]],
    ...(signers.length === 0 ? [] : [[labels.signedBy, listed(signers, texts)] as const]),
    [labels.issuedBy, `${facts.organisation.name} (${facts.organisation.domain})`],
  ];
}

function listed(words: readonly string[], { more, nobody }: Texts): string {
  if (words.length === 0) return nobody;
  const rest = words.length - SHOWN;
  return [words.slice(0, SHOWN).join(', '), ...(rest > 0 ? [more.replace('%n', String(rest))] : [])].join(
    ' ',
  );
}

/** @returns the code itself where another version had words for it. */
export const reservationText = (code: string, { reservation }: Texts): string =>
  Object.hasOwn(reservation, code) ? reservation[code as keyof typeof reservation] : code;
