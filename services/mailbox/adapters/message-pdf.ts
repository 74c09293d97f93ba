// SPDX-License-Identifier: Apache-2.0
import { setImmediate as breath } from 'node:timers/promises';
import type { Language } from '@securemail/contracts';
import { openDocument } from '@securemail/pdf';
import { SAVED_WORDS } from '../domain/words/saved.ts';

export interface SavedMessage {
  organisation: string;
  kind: 'received' | 'written';
  subject: string;
  from: readonly string[];
  to: readonly string[];
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
/** Paragraphs after which others have their turn. */
const AT_ONCE = 20;

/** A message to be kept and read anywhere, also by who listens: PDF/UA-1 and PDF/A-3a. */
export async function messagePdf(
  message: SavedMessage,
  { language, savedAt }: { language: Language; savedAt: Date },
): Promise<Buffer> {
  const words = SAVED_WORDS[language];
  const { moment } = words;
  const { page, end } = openDocument({ title: words.title(message.organisation), language, madeAt: savedAt });
  page.title(message.subject === '' ? words.noSubject : message.subject);
  page.rows([
    [words.from, message.from.join(', ')],
    [words.to, message.to.join(', ')],
    [message.kind === 'received' ? words.received : words.sent, moment.format(message.at)],
    [words.until, moment.format(message.endsAt)],
  ]);
  page.space(8);
  const text = message.text ?? '';
  const lines = linesOf(text.slice(0, MOST_TEXT));
  for (const [index, line] of lines.slice(0, MOST_PARAGRAPHS).entries()) {
    if (index % AT_ONCE === 0) await breath();
    if (line === '') page.space(6);
    else page.text(line, 2);
  }
  if (text.trim() === '') page.text(words.noText);
  if (text.length > MOST_TEXT || lines.length > MOST_PARAGRAPHS) page.text(words.cut);
  if (message.files.length > 0) {
    page.heading(2, words.files);
    page.rows(message.files.map(({ name, size }) => [name, words.size.format(size / 1_000)]));
  }
  page.space(8);
  page.note(words.note(moment.format(savedAt)));
  return await end();
}

/** Each line a paragraph, and empty ones where it has a pause; a line without end in pieces. */
function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .flatMap((line) =>
      line.length <= LONGEST_PARAGRAPH
        ? [line]
        : (line.match(new RegExp(`[^]{1,${LONGEST_PARAGRAPH}}`, 'gu')) ?? []),
    );
}
