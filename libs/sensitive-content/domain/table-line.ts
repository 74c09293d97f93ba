// SPDX-License-Identifier: Apache-2.0

const PATTERNS = { tab: /\t/gu, semicolon: /;/gu, bar: /\|/gu, spaces: / {2,}/gu, comma: /,/gu };

/** What may stand between the cells of a line. */
export type Separator = keyof typeof PATTERNS;

/** In the order in which they are tried. */
export const SEPARATORS = Object.keys(PATTERNS) as Separator[];

/** A line of text, seen as one of a table. Offsets are from its begin. */
export interface TableLine {
  /** Whether the separator stands in it, before an offset if one is given. */
  has: (separator: Separator, before?: number) => boolean;
  cells: (separator: Separator) => number;
  /** The cell in which an offset is: which, from 0, and where it begins. */
  cellAt: (separator: Separator, offset: number) => { number: number; start: number };
  split: (separator: Separator) => string[];
}

/** What is looked for in a line is looked for once, as a line may have many numbers. */
export function tableLine(line: string): TableLine {
  const known = new Map<Separator, Marks>();
  const marks = (separator: Separator): Marks => {
    const found = known.get(separator) ?? marksIn(line, separator);
    known.set(separator, found);
    return found;
  };
  return {
    has: (separator, before = Infinity) => (marks(separator)[0]?.start ?? Infinity) < before,
    cells: (separator) => marks(separator).length + 1,
    cellAt(separator, offset) {
      const all = marks(separator);
      const next = all.findIndex(({ end }) => end > offset);
      const number = next === -1 ? all.length : next;
      return { number, start: all[number - 1]?.end ?? 0 };
    },
    split(separator) {
      const all = marks(separator);
      const starts = [0, ...all.map(({ end }) => end)];
      return starts.map((start, i) => line.slice(start, all[i]?.start));
    },
  };
}

type Marks = readonly { start: number; end: number }[];

const QUOTED = /"[^"\n]*"/gu;

function marksIn(line: string, separator: Separator): Marks {
  // A line may be set in by spaces; workbooks leave the first cell of a row empty, and then a tab begins it.
  const from = separator === 'spaces' ? line.length - line.trimStart().length : 0;
  const seen = separator === 'comma' ? line.replace(QUOTED, (quoted) => quoted.replaceAll(',', ' ')) : line;
  return [...seen.matchAll(PATTERNS[separator])]
    .map(({ 0: mark, index }) => ({ start: index, end: index + mark.length }))
    .filter(({ start }) => start >= from);
}
