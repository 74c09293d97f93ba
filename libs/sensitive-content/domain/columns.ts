// SPDX-License-Identifier: Apache-2.0

/** How far up the head of a table is looked for, and how long a line of a table may be, characters. */
const FARTHEST = 20_000;
const LONGEST_LINE = 2_000;
/** A number is no longer than this, with the quote and the separator behind it. */
const LONGEST_NUMBER = 20;
/** Commas stand in sentences, too: there lines are of one table only where they have as many cells (amounts
 * may have one in them), and short heads. */
const COMMA = /,/u;
const LONGEST_COMMA_HEAD = 40;
const SEPARATORS = [/\t/u, /;/u, /\|/u, / {2,}/u, COMMA];
const QUOTED = /"[^"\n]*"/gu;

/** The cell of a table. */
export interface Cell {
  head: string;
  /** Where the cell begins in the text. */
  start: number;
}

interface Table {
  separator: RegExp;
  heads: string[];
  /** Where its first line begins. */
  top: number;
  /** Where the last of its lines that were asked about begins. */
  line: number;
}

/**
 * Tells heads of columns in tables of plain text: neighbouring lines with cells apart by a tab, a semicolon, a bar,
 * several spaces or a comma, the first of which names the columns. Ask in the order of the text: then a table is walked
 * through once.
 *
 * @returns a function that takes the index of a number in the text, and gives its cell, or null where it is in no table
 *   or in its first line.
 */
export function columnHeads(text: string): (index: number) => Cell | null {
  let known: Table | null = null;
  return (index) => {
    const start = lineStart(text, index);
    if (start === null) return null;
    const line = text.slice(start, index);
    const rest = text.slice(index, index + LONGEST_NUMBER);
    const separator = SEPARATORS.find((each) => each.test(line) || each.test(rest));
    if (separator === undefined) return null;
    if (known?.separator !== separator) known = null;
    const top = topOf(text, start, separator, known?.line ?? -1);
    if (known === null || top !== known.line)
      known = { separator, heads: headsAt(text, top, separator), top, line: start };
    known.line = start;
    if (known.top === start) return null;
    const cells = cellsOf(line, separator);
    const head = known.heads[cells.length - 1];
    return head === undefined ? null : { head, start: index - (cells.at(-1)?.length ?? 0) };
  };
}

/** The first line of the table that this line is in, or the line `known`, which is in the same table. */
function topOf(text: string, start: number, separator: RegExp, known: number): number {
  const cells = separator === COMMA ? countAt(text, start) : null;
  let top = start;
  while (top > 0 && top !== known && start - top < FARTHEST) {
    const above = lineStart(text, top - 1);
    if (above === null || !separator.test(text.slice(above, top - 1))) break;
    if (cells !== null && Math.abs(countAt(text, above) - cells) > 1) break;
    top = above;
  }
  return top;
}

/** @returns null where the line is too long for a table's. */
function lineStart(text: string, index: number): number | null {
  const from = Math.max(0, index - LONGEST_LINE);
  const end = text.slice(from, index).lastIndexOf('\n');
  if (end >= 0) return from + end + 1;
  return from === 0 ? 0 : null;
}

const lineAt = (text: string, start: number): string =>
  text.slice(start, start + LONGEST_LINE).split('\n', 1)[0] ?? '';

const countAt = (text: string, start: number): number => cellsOf(lineAt(text, start), COMMA).length;

function headsAt(text: string, start: number, separator: RegExp): string[] {
  const heads = cellsOf(lineAt(text, start), separator);
  return separator === COMMA && heads.some(({ length }) => length > LONGEST_COMMA_HEAD) ? [] : heads;
}

function cellsOf(line: string, separator: RegExp): string[] {
  const trimmed = line.trimStart();
  if (separator !== COMMA) return trimmed.split(separator);
  return trimmed.replace(QUOTED, (quoted) => quoted.replaceAll(',', ' ')).split(separator);
}
