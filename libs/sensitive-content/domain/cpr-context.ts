// SPDX-License-Identifier: Apache-2.0
import { knownWords, type KnownWord, type WordKind } from './cpr-words.ts';

/** How the words around a number call it. */
export interface Context {
  /** What the nearest known word says; `number`: that it is one, and no word tells of what. */
  says: WordKind | 'nothing';
  /** Whether that word is the number's label: right before it, the head of its column, or in brackets behind it. */
  labelled: boolean;
}

/** Characters that are looked at on either side. */
const BEFORE = 60;
const AFTER = 24;
const LETTER = /\p{L}/u;
/** Between a label and its number: `nr.`, `no:`, `er`, `is`, brackets and marks. */
const FILLER =
  /^[\s.:;#="'“”„(\[{<>*/-]*(?:(?:nr|nummer|number|num|no|id|er|is|ist|var|lautet|lyder|på|of|af|hans|hendes|for)(?![\p{L}\p{N}])[\s.:;#="'“”„(\[{<>*/-]*){0,3}$/iu;
/** A word behind a number that is the label of what comes next. */
const NEXT_LABEL = /^[\s.]*(?:nr|no|nummer)?[\s.]*[:#=]|^[\s.]*(?:nr|no|nummer)?[.\s]*[+(]?\d/iu;

const NEXT_ITEM = /[,:.]/u;

const NOTHING: Context = { says: 'nothing', labelled: false };

/**
 * Judges the words around a number in folded text. Cheap on purpose: the nearest known word before it on its line, or
 * on the line above where the number stands alone; else the head of its column; else a word right behind it.
 *
 * @param columns heads of columns, where the text has tables.
 */
export function contextOf(
  text: string,
  start: number,
  end: number,
  columns: (index: number) => string | null,
): Context {
  const before = textBefore(text, start);
  const nearest = nearestOf(knownWords(before), before);
  if (nearest?.labelled === true) return nearest;

  const head = columns(start);
  const heading = head === null ? undefined : nearestOf(knownWords(head), head);
  if (heading !== undefined) return { says: heading.says, labelled: true };
  return nearest ?? behind(text, end);
}

/** What the last word says, or the one before it, where the last one says little. */
function nearestOf(words: readonly KnownWord[], before: string): Context | undefined {
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const labelled = FILLER.test(before.slice(last.end));
  const rest = words.slice(0, -1);
  const previous = rest.at(-1);
  switch (last.kind) {
    case 'person':
    case 'client':
      return previous?.kind === 'cpr' || previous?.kind === 'born'
        ? { says: previous.kind, labelled: false }
        : { says: last.kind, labelled };
    case 'time':
      return previous === undefined || previous.kind === 'number'
        ? { says: 'time', labelled }
        : { says: previous.kind, labelled: false };
    case 'number': {
      // `Patient nr. 5, …` says nothing; `patient nr. …` does.
      if (!labelled) return nearestOf(rest, before);
      const adjacent = previous !== undefined && FILLER.test(before.slice(previous.end, last.start));
      const says = adjacent ? previous.kind : 'number';
      return { says: says === 'client' ? 'other' : says, labelled };
    }
    case 'cpr':
    case 'born':
    case 'other':
      return { says: last.kind, labelled };
  }
}

function textBefore(text: string, start: number): string {
  const before = text.slice(Math.max(0, start - BEFORE), start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (LETTER.test(line)) return line;
  // The number begins its line: what stands above may be its label.
  return before.trimEnd().split('\n').slice(-2).join('\n');
}

function behind(text: string, end: number): Context {
  const after = text.slice(end, end + AFTER).split(/[\n\t|;]/u, 1)[0] ?? '';
  const word = knownWords(after)[0];
  if (
    word === undefined ||
    NEXT_ITEM.test(after.slice(0, word.start)) ||
    NEXT_LABEL.test(after.slice(word.end))
  )
    return NOTHING;
  return {
    says: word.kind === 'number' ? 'nothing' : word.kind,
    labelled: /^\s*[([]\s*$/u.test(after.slice(0, word.start)),
  };
}
