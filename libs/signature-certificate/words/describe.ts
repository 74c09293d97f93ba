// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import type { SignatureCertificateFacts, Summary } from '../facts/facts.ts';
import type { Reservation } from '../texts/reservation.ts';
import { TEXTS } from '../texts/certificate/languages.ts';
import type { Texts } from '../texts/certificate/texts.ts';
import type { Description, Row, Statement, Table, Tone } from './description.ts';
import { detailTables } from './details.ts';
import { listed } from './listed.ts';
import { moment } from './moment.ts';
import { reservationText } from './reservation-text.ts';
import { signerRows } from './signer-rows.ts';
import { unopenedWords, type UnopenedWords } from './unopened.ts';
import { legRow } from './way.ts';

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
        facts.reservations.map((code, i) => [String(i + 1), reservationText(code, texts)]),
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
): Statement[] {
  switch (summary.kind) {
    case 'sent':
      return [{ ...texts.sent[summary.method], tone: 'good' }];
    case 'received':
      if (summary.arrival === 'mailbox') return [{ ...texts.arrival.mailbox, tone: 'good' }];
      return [
        { ...(unopened?.statement ?? texts.verdict[summary.verdict]), tone: VERDICT_TONES[summary.verdict] },
        { ...texts.arrival[summary.arrival], tone: summary.arrival === 'insecure' ? 'bad' : 'good' },
      ];
  }
}

const VERDICT_TONES: Record<Extract<Summary, { kind: 'received' }>['verdict'], Tone> = {
  valid: 'good',
  'valid-but': 'doubtful',
  invalid: 'bad',
  'not-signed': 'doubtful',
};

function toneOf({ summary, reservations }: SignatureCertificateFacts): Tone {
  if (summary.kind === 'sent') return 'good';
  if (summary.verdict === 'invalid' || summary.arrival === 'insecure') return 'bad';
  if (summary.arrival === 'mailbox') return 'good';
  const ofTheMail = reservations.filter((code) => !OF_WHAT_IS_ATTACHED.has(code));
  return summary.verdict === 'valid' && ofTheMail.length === 0 ? 'good' : 'doubtful';
}

/** Informations: they say nothing against the mail itself. */
const OF_WHAT_IS_ATTACHED: ReadonlySet<string> = new Set<Reservation>([
  'other-signature-certificate',
  'attached-mail-protected',
]);

function overview(facts: SignatureCertificateFacts, texts: Texts, language: Language): Row[] {
  const { labels } = texts;
  return [
    [labels.from, listed(facts.from, texts)],
    [labels.to, listed(facts.to, texts)],
    [labels.when, moment(facts.madeAt, language)],
    [labels.direction, texts.direction[facts.direction]],
    ...signerRows(facts, texts),
    [labels.issuedBy, `${facts.organisation.name} (${facts.organisation.domain})`],
  ];
}
