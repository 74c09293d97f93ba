// SPDX-License-Identifier: Apache-2.0
import type { Cell } from './columns.ts';
import {
  governs,
  isBracket,
  isCalled,
  isJoint,
  isLabel,
  isLabelOfAnother,
  isOfSomebody,
  isOwn,
  speaksOfNumber,
} from './cpr-labels.ts';
import { sharesCprLabel } from './cpr-shared-label.ts';
import { knownWords, type KnownWord, type WordKind } from './cpr-words.ts';

/** How the words around a number call it. */
export interface Context {
  /**
   * What the nearest known word says; `number`: that it is one, and no word tells of what; `own`: that it is somebody's
   * number; `elsewhere`: that something else was spoken of before.
   */
  says: WordKind | 'own' | 'elsewhere' | 'nothing';
  /** Whether that word is the number's label: right before it, the head of its column, or in brackets behind it. */
  labelled: boolean;
}

/** Characters that are looked at on either side. */
const BEFORE = 60;
const AFTER = 24;
const LETTER = /\p{L}/u;

const NOTHING: Context = { says: 'nothing', labelled: false };

/**
 * Judges the words around a number in folded text. Cheap on purpose: its label in its own cell of a table, else the head
 * of its column; else the nearest known word before it on its line, or on the line above where the number stands alone;
 * else a word right behind it.
 *
 * @param columns cells of tables, where the text has some.
 */
export function contextOf(
  text: string,
  start: number,
  end: number,
  columns: (index: number) => Cell | null,
): Context {
  const before = text.slice(Math.max(0, start - BEFORE), start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const cell = columns(start);
  if (cell !== null) return inTable(line, start - cell.start, cell.head) ?? behind(text, end);
  // Where the number begins its line, what stands above may be its label.
  const read = LETTER.test(line) ? line : before.trimEnd().split('\n').slice(-2).join('\n');
  return nearestOf(read) ?? behind(text, end);
}

function inTable(line: string, inCell: number, head: string): Context | undefined {
  const nearest = nearestOf(line);
  const isOwnLabel = inCell > 0 && nearestOf(line.slice(-inCell))?.labelled === true;
  if (nearest?.labelled === true && (isOwnLabel || nearest.says === 'cpr')) return nearest;
  const heading = nearestOf(head);
  if (heading === undefined || heading.says === 'elsewhere') return nearest;
  return { says: heading.says === 'own' ? 'number' : heading.says, labelled: true };
}

function nearestOf(before: string): Context | undefined {
  return judged(knownWords(before), before);
}

/** What the last word says, or one before it, where the last one says little. */
function judged(words: readonly KnownWord[], before: string): Context | undefined {
  const last = words.at(-1);
  if (last === undefined) return undefined;
  if (sharesCprLabel(words, before)) return { says: 'cpr', labelled: true };
  const labelled = isLabel(before.slice(last.start, last.end), before.slice(last.end));
  const rest = words.slice(0, -1);
  const previous = rest.at(-1)?.kind;
  switch (last.kind) {
    case 'person':
    case 'client':
      return previous === 'cpr' || previous === 'born'
        ? { says: previous, labelled: false }
        : { says: last.kind, labelled };
    case 'time':
      return timed(rest, before) ?? { says: 'time', labelled };
    case 'number':
    case 'reference':
      // `Patient nr. 5, …` says nothing; `patient nr. …` does.
      return labelled ? numbered(words, before) : judged(rest, before);
    case 'call':
    case 'other':
      return something(last, rest, before, labelled);
    case 'cpr':
    case 'born':
      return { says: last.kind, labelled };
  }
}

/** Words of which a time says more than they do. */
const LITTLE = new Set<Context['says']>(['number', 'own', 'reference', 'elsewhere']);

function timed(rest: readonly KnownWord[], before: string): Context | undefined {
  const says = judged(rest, before)?.says;
  return says === undefined || LITTLE.has(says) ? undefined : { says, labelled: false };
}

/** Of what the number is that the last words call one: `ordre nr.`, `patient-id`, `mit nr.`. */
function numbered(words: readonly KnownWord[], before: string): Context {
  let at = words.length - 1;
  const isAdjacent = () => isJoint(before.slice(words[at - 1]?.end, words[at]?.start));
  while (at > 0 && words[at - 1]?.kind === 'number' && isAdjacent()) at -= 1;
  const previous = at > 0 && isAdjacent() ? words[at - 1] : undefined;
  if (previous !== undefined)
    return { says: previous.kind === 'client' ? 'other' : previous.kind, labelled: true };
  const says = words.at(-1)?.kind === 'reference' ? 'reference' : 'number';
  const isOfOther = words.some(({ kind }) => kind === 'other');
  const isOwnNumber = says === 'number' && !isOfOther && isOwn(before.slice(0, words[at]?.start));
  return { says: isOwnNumber ? 'own' : says, labelled: true };
}

function something(word: KnownWord, rest: readonly KnownWord[], before: string, labelled: boolean): Context {
  const between = before.slice(word.end);
  const name = before.slice(word.start, word.end);
  if (labelled && !isOfSomebody(name, between)) return { says: word.kind, labelled };
  if (governs(name, between)) return { says: word.kind, labelled: isLabelOfAnother(between) };
  return rest.some(({ kind }) => kind === 'cpr')
    ? { says: 'cpr', labelled: false }
    : { says: 'elsewhere', labelled: false };
}

function behind(text: string, end: number): Context {
  const after = text.slice(end, end + AFTER).split(/[\n\t|;]/u, 1)[0] ?? '';
  const word = knownWords(after)[0];
  if (word === undefined) return NOTHING;
  const between = after.slice(0, word.start);
  if (!speaksOfNumber(between, after.slice(word.end))) return NOTHING;
  if (word.kind === 'number' || ((word.kind === 'other' || word.kind === 'call') && !isCalled(between)))
    return NOTHING;
  return { says: word.kind, labelled: isBracket(between) };
}
