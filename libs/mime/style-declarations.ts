// SPDX-License-Identifier: Apache-2.0
import { symbolFontIn, type SymbolFont } from './symbol-fonts.ts';

export type Declaration = readonly [property: string, value: string];

/** What a `style` attribute says, in its order; what is cut by a semicolon within a string or an address says nothing. */
export const declarationsIn = (style: string): Declaration[] =>
  style.split(';').flatMap((declaration) => {
    const at = declaration.indexOf(':');
    if (at < 0) return [];
    const property = declaration.slice(0, at).trim().toLowerCase();
    return [
      [
        property,
        declaration
          .slice(at + 1)
          .replace(/!\s*important\s*$/i, '')
          .trim(),
      ] as const,
    ];
  });

const LINES = ['underline', 'line-through', 'overline'];

/** The lines of text, drawn under, through or over it; null: nothing is said of them. */
export function linesOfText(style: readonly Declaration[]): string[] | null {
  const [, value] =
    style.findLast(([property]) => property === 'text-decoration' || property === 'text-decoration-line') ??
    [];
  const words = value?.toLowerCase().split(/\s+/) ?? [];
  const lines = LINES.filter((line) => words.includes(line));
  return lines.length > 0 || words.includes('none') ? lines : null;
}

/** The font by which text is to be read; undefined: that around it. */
export function symbolFontOf(
  style: readonly Declaration[],
  face: string | undefined,
): SymbolFont | null | undefined {
  const [property, value = ''] = style.findLast(([name]) => name === 'font-family' || name === 'font') ?? [];
  if (property === 'font') return /\swingdings\s*$/i.test(value) ? 'wingdings' : null;
  if (property !== undefined) return symbolFontIn(value);
  return face === undefined ? undefined : symbolFontIn(face);
}

/** The kinds of markers of lists that are kept, as HTML (`type`) calls them, too. */
const MARKERS = new Map([
  ['1', 'decimal'],
  ['a', 'lower-alpha'],
  ['A', 'upper-alpha'],
  ['i', 'lower-roman'],
  ['I', 'upper-roman'],
]);
const LIST_STYLES = new Set([
  ...['disc', 'circle', 'square', 'none', 'decimal', 'decimal-leading-zero'],
  ...[
    'lower-alpha',
    'upper-alpha',
    'lower-latin',
    'upper-latin',
    'lower-roman',
    'upper-roman',
    'lower-greek',
  ],
]);

/** The word of CSS for the markers of a list; null: nothing is said of them. */
export function listStyleOf(style: readonly Declaration[], type: string | undefined): string | null {
  const [, value = ''] =
    style.findLast(([property]) => property === 'list-style-type' || property === 'list-style') ?? [];
  const word = value
    .toLowerCase()
    .split(/\s+/)
    .find((each) => LIST_STYLES.has(each));
  if (word !== undefined) return word;
  if (type === undefined) return null;
  const ofType = MARKERS.get(type) ?? type.toLowerCase();
  return LIST_STYLES.has(ofType) ? ofType : null;
}

/** A number of a list, as `start` and `value` have it; null: it is none. */
export const listNumber = (written: string | undefined): number | null =>
  written !== undefined && /^\s*[-+]?\d{1,6}\s*$/.test(written) ? Number(written) : null;

/** A box of a form, with a cross in it where it is ticked; null: it is another field. */
export function boxOf(type: string | undefined, isChecked: boolean): string | null {
  if (!/^\s*(checkbox|radio)\s*$/i.test(type ?? '')) return null;
  return isChecked ? '☒' : '☐';
}
