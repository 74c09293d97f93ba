// SPDX-License-Identifier: Apache-2.0
import { tableLine, SEPARATORS, type Separator, type TableLine } from './table-line.ts';

/** How far up the head of a table is looked for, and how long a line of a table may be, characters. */
const FARTHEST = 20_000;
const LONGEST_LINE = 2_000;
/** A number is no longer than this, with the quote and the separator behind it. */
const LONGEST_NUMBER = 20;
/** Commas stand in sentences, too: heads are shorter, and lines of one table have as many (but for one, in an amount). */
const LONGEST_COMMA_HEAD = 40;
const COMMAS_TO_SPARE = 1;

/** The cell of a table. */
export interface Cell {
  head: string;
  /** Where the cell begins in the text. */
  start: number;
}

interface Table {
  separator: Separator;
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
  let table: Table | null = null;
  let asked: { start: number; line: TableLine } | null = null;
  return (index) => {
    const start = lineStart(text, index);
    if (start === null) return null;
    if (asked?.start !== start) asked = { start, line: lineAt(text, start) };
    const { line } = asked;
    const separator = SEPARATORS.find((each) => line.has(each, index - start + LONGEST_NUMBER));
    if (separator === undefined) return null;
    if (table?.separator !== separator) table = null;
    const top = topOf(text, start, line, separator, table?.line ?? -1);
    if (table === null || top !== table.line)
      table = { separator, heads: headsOf(lineAt(text, top), separator), top, line: start };
    table.line = start;
    if (table.top === start) return null;
    const cell = line.cellAt(separator, index - start);
    const head = table.heads[cell.number];
    return head === undefined ? null : { head, start: start + cell.start };
  };
}

/** The first line of the table that this line is in, or the line `known`, which is in the same table. */
function topOf(text: string, start: number, line: TableLine, separator: Separator, known: number): number {
  let top = start;
  while (top > 0 && top !== known && start - top < FARTHEST) {
    const above = lineStart(text, top - 1);
    if (above === null || !isOfTable(lineAt(text, above), line, separator)) break;
    top = above;
  }
  return top;
}

function isOfTable(above: TableLine, line: TableLine, separator: Separator): boolean {
  if (!above.has(separator)) return false;
  return separator !== 'comma' || Math.abs(above.cells(separator) - line.cells(separator)) <= COMMAS_TO_SPARE;
}

/** @returns null where the line is too long for a table's. */
function lineStart(text: string, index: number): number | null {
  const from = Math.max(0, index - LONGEST_LINE);
  const end = text.slice(from, index).lastIndexOf('\n');
  if (end >= 0) return from + end + 1;
  return from === 0 ? 0 : null;
}

const lineAt = (text: string, start: number): TableLine =>
  tableLine(text.slice(start, start + LONGEST_LINE + LONGEST_NUMBER).split('\n', 1)[0] ?? '');

function headsOf(line: TableLine, separator: Separator): string[] {
  const heads = line.split(separator);
  return separator === 'comma' && heads.some(({ length }) => length > LONGEST_COMMA_HEAD) ? [] : heads;
}
