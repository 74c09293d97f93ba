// SPDX-License-Identifier: Apache-2.0
import { setImmediate as breath } from 'node:timers/promises';
import type { Language } from '@securemail/contracts';
import { openDocument, type PageWriter, type Row } from '@securemail/pdf';
import { SAVED_WORDS } from '../domain/words/saved.ts';

export interface SavedMessage {
  organisation: string;
  kind: 'received' | 'written';
  subject: string;
  from: readonly string[];
  to: readonly string[];
  cc: readonly string[];
  /** When it was laid down, or sent. */
  at: Date;
  endsAt: Date;
  text: string | null;
  files: readonly { name: string; size: number }[];
}

/** Characters that are shown, of sixty pages or so; and of one paragraph, whose lines are found by looking through all of it. */
const MOST_TEXT = 200_000;
const MOST_PARAGRAPHS = 5_000;
const LONGEST_PARAGRAPH = 2_000;
/** Scripts from the right to the left, of which a letter costs twenty times as much: their paragraphs are shorter. */
const COSTLY = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Nko}]/u;
const LONGEST_COSTLY = 300;
/** Of a subject, which is larger and bold, and of one name or address. */
const LONGEST_TITLE = 500;
const LONGEST_NAME = 300;
/** People, and files. */
const MOST_NAMED = 500;
/** Characters, and paragraphs, after which others have their turn. */
const AT_ONCE = 2_000;
const PARAGRAPHS_AT_ONCE = 20;

/** A message to be kept and read anywhere, also by who listens: PDF/UA-1 and PDF/A-3a. */
export async function messagePdf(
  message: SavedMessage,
  { language, savedAt }: { language: Language; savedAt: Date },
): Promise<Buffer> {
  const words = SAVED_WORDS[language];
  const { moment } = words;
  const { page, end } = openDocument({ title: words.title(message.organisation), language, madeAt: savedAt });
  page.title(message.subject === '' ? words.noSubject : shortened(message.subject, LONGEST_TITLE));
  await rowsOf(page, [
    ...namesOf(message.from).map((each) => [words.from, each] as const),
    ...namesOf(message.to).map((each) => [words.to, each] as const),
    ...(message.cc.length === 0 ? [] : namesOf(message.cc)).map((each) => [words.cc, each] as const),
    [message.kind === 'received' ? words.received : words.sent, moment.format(message.at)],
    [words.until, moment.format(message.endsAt)],
  ]);
  page.space(8);
  const text = message.text ?? '';
  const lines = linesOf(text.slice(0, MOST_TEXT));
  let since = 0;
  for (const [index, line] of lines.slice(0, MOST_PARAGRAPHS).entries()) {
    since += line.length;
    if (index % PARAGRAPHS_AT_ONCE === 0 || since > AT_ONCE || COSTLY.test(line)) {
      await breath();
      since = 0;
    }
    if (line === '') page.space(6);
    else page.text(line, 2);
  }
  if (text.trim() === '') page.text(words.noText);
  if (text.length > MOST_TEXT || lines.length > MOST_PARAGRAPHS) page.text(words.cut);
  if (message.files.length > 0) {
    page.heading(2, words.files);
    await rowsOf(page, [
      ...message.files
        .slice(0, MOST_NAMED)
        .map(({ name, size }) => [shortened(name, LONGEST_NAME), words.size(size)] as const),
      ...(message.files.length > MOST_NAMED ? [['…', words.cut] as const] : []),
    ]);
  }
  page.space(8);
  if (page.lacksLetters()) page.note(words.squares);
  page.note(words.note(moment.format(savedAt)));
  return await end();
}

/** Each line a paragraph, and empty ones where it has a pause; a line without end in pieces. */
function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .flatMap((line) => {
      const most = COSTLY.test(line) ? LONGEST_COSTLY : LONGEST_PARAGRAPH;
      // Between words, where there are any.
      return line.length <= most
        ? [line]
        : (line.match(new RegExp(`[^]{1,${most}}(?=\\s|$)|[^]{1,${most}}`, 'gu')) ?? []).map((piece) =>
            piece.trim(),
          );
    });
}

/** Several in one row, as far as that is not long; of very many the first. */
function namesOf(all: readonly string[]): string[] {
  const named = all.slice(0, MOST_NAMED).map((each) => shortened(each, LONGEST_NAME));
  const rows: string[] = [];
  for (const each of [...named, ...(all.length > MOST_NAMED ? ['…'] : [])]) {
    const last = rows.at(-1);
    if (last === undefined || last.length + each.length > AT_ONCE) rows.push(each);
    else rows[rows.length - 1] = `${last}, ${each}`;
  }
  return rows.length === 0 ? [''] : rows;
}

/** A table, at each row of which others may have their turn. */
async function rowsOf(page: PageWriter, rows: readonly Row[]): Promise<void> {
  const { row, end } = page.table();
  for (const each of rows) {
    await breath();
    row(each);
  }
  end();
}

/** What is longer is all in the .eml: where lines end is found by looking through all of a word. */
const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
