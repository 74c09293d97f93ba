// SPDX-License-Identifier: Apache-2.0

/** How far up the head of a table is looked for, and how long a line of a table may be, characters. */
const FARTHEST = 20_000;
const LONGEST_LINE = 2_000;
const SEPARATORS = ['\t', ';', '|'];
/** A number is no longer than this. */
const LONGEST_NUMBER = 18;

interface Table {
  separator: string;
  heads: string[];
  /** Where the last of its lines that were asked about begins. */
  line: number;
}

/**
 * Tells heads of columns in tables of plain text: neighbouring lines with cells apart by a tab, a semicolon or a bar, the
 * first of which names the columns. Ask in the order of the text: then a table is walked through once.
 *
 * @returns a function that takes the index of a number in the text, and gives the head of its column, or null.
 */
export function columnHeads(text: string): (index: number) => string | null {
  let known: Table | null = null;
  return (index) => {
    const start = lineStart(text, index);
    if (start === null) return null;
    const line = text.slice(start, index);
    const rest = text.slice(index, index + LONGEST_NUMBER);
    const separator = SEPARATORS.find((each) => line.includes(each) || rest.includes(each));
    if (separator === undefined) return null;
    if (known?.separator !== separator) known = null;
    const top = topOf(text, start, separator, known?.line ?? -1);
    if (known === null || top !== known.line)
      known = { separator, heads: headsAt(text, top, separator), line: start };
    known.line = start;
    return top === start ? null : (known.heads[line.split(separator).length - 1] ?? null);
  };
}

/** The first line of the table that this line is in, or the line `known`, which is in the same table. */
function topOf(text: string, start: number, separator: string, known: number): number {
  let top = start;
  while (top > 0 && top !== known && start - top < FARTHEST) {
    const above = lineStart(text, top - 1);
    if (above === null || !text.slice(above, top - 1).includes(separator)) break;
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

function headsAt(text: string, start: number, separator: string): string[] {
  return (text.slice(start, start + LONGEST_LINE).split('\n', 1)[0] ?? '').split(separator);
}
