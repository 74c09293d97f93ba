// SPDX-License-Identifier: Apache-2.0
import { Parser } from 'htmlparser2';
import { localName } from './markup-text.ts';
import { numberFormats, written, type NumberFormat } from './number-format.ts';
import { ATTACHMENT, type Piece } from './piece.ts';

const SHARED_STRINGS = 'xl/sharedstrings.xml';
const STYLES = 'xl/styles.xml';
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/u;

/** Whether a part of an Excel workbook is read by `sheetPieces`. Names of parts are compared without regard to case. */
export function isSheetPart(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === SHARED_STRINGS || lower === STYLES || SHEET.test(lower);
}

/**
 * The text of the sheets of a workbook (ECMA-376 part 1 §18): rows as lines, cells apart by tabs, empty cells kept, so
 * that a number is under the head of its column; numbers as their format shows them.
 *
 * @param parts by name in lower case, as XML.
 */
export function* sheetPieces(parts: ReadonlyMap<string, string>): Generator<Piece> {
  const shared = sharedStrings(parts.get(SHARED_STRINGS) ?? '').map((text) => ({ text, isShown: false }));
  const formats = numberFormats(parts.get(STYLES) ?? '');
  for (const [name, xml] of parts) {
    if (SHEET.test(name)) yield { where: ATTACHMENT, text: sheetText(xml, shared, formats) };
  }
  // A string that no cell shows is in the file all the same.
  yield {
    where: ATTACHMENT,
    text: shared.flatMap(({ text, isShown }) => (isShown ? [] : [text])).join('\n'),
  };
}

interface SharedString {
  text: string;
  /** Whether a cell shows it. */
  isShown: boolean;
}

function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let string = '';
  let inText = false;
  const parser = new Parser(
    {
      onopentag(tag) {
        const name = localName(tag);
        if (name === 'si') string = '';
        inText ||= name === 't';
      },
      ontext(text) {
        if (inText) string += text;
      },
      onclosetag(tag) {
        const name = localName(tag);
        if (name === 't') inText = false;
        if (name === 'si') strings.push(string);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return strings;
}

/** Empty cells in a row that are kept; of more, nobody sees the heads anyway. */
const MOST_EMPTY = 100;

function sheetText(xml: string, shared: readonly SharedString[], formats: readonly NumberFormat[]): string {
  const out: string[] = [];
  const asides: string[] = [];
  let column = 0;
  let cell: { type: string; style: number } = { type: '', style: 0 };
  let value = '';
  let inValue = false;
  let formula = '';
  let inFormula = false;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const name = localName(tag);
        if (name === 'row') column = 0;
        if (name === 'c') {
          const next = columnOf(attributes['r']) ?? column + 1;
          out.push('\t'.repeat(Math.min(MOST_EMPTY, Math.max(0, next - Math.max(1, column)))));
          column = next;
          cell = { type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0) };
          value = '';
        }
        inValue ||= VALUES.has(name);
        inFormula ||= FORMULAS.has(name);
        if (name === 'dataValidation')
          asides.push(...Object.entries(attributes).flatMap(([key, text]) => (TOLD.has(key) ? [text] : [])));
      },
      ontext(text) {
        if (inValue) value += text;
        if (inFormula) formula += text;
      },
      onclosetag(tag) {
        const name = localName(tag);
        if (FORMULAS.has(name)) {
          inFormula = false;
          asides.push(formula);
          formula = '';
        }
        if (VALUES.has(name)) inValue = false;
        if (name === 'c') out.push(shown(value, cell, shared, formats));
        if (name === 'row') out.push('\n');
        if (HEADERS.has(name)) {
          out.push(value, '\n');
          value = '';
        }
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return [out.join(''), ...asides].join('\n');
}

/** What is written in them need be in no cell: of cells, of what may be chosen, of when a cell is coloured. */
const FORMULAS = new Set(['f', 'formula', 'formula1', 'formula2']);
/** What is said to who fills in a cell. */
const TOLD = new Set(['prompt', 'promptTitle', 'error', 'errorTitle']);
/** Headers and footers of the printed page are text, too. */
const HEADERS = new Set(['oddHeader', 'oddFooter', 'evenHeader', 'evenFooter', 'firstHeader', 'firstFooter']);
const VALUES = new Set(['v', 't', ...HEADERS]);

function shown(
  value: string,
  { type, style }: { type: string; style: number },
  shared: readonly SharedString[],
  formats: readonly NumberFormat[],
): string {
  if (type === 's') {
    const string = shared[Number(value)];
    if (string === undefined) return '';
    string.isShown = true;
    return inOneLine(string.text);
  }
  return type === 'n' ? written(value, formats[style] ?? 'other') : inOneLine(value);
}

const inOneLine = (text: string) => text.replace(/[\t\r\n]+/gu, ' ');

/** `AB12` is in column 28. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/u.exec(reference ?? '')?.[0];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}
