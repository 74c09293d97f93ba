// SPDX-License-Identifier: Apache-2.0
import { Parser } from 'htmlparser2';
import { localName } from './markup-text.ts';

/** How a format shows ten digits: `000000-0000`, `0000000000`, or in any other way. */
export type NumberFormat = 'hyphen' | 'ten' | 'other';

/** Formats of the cells of a workbook, by the number of their style. @param styles `xl/styles.xml`. */
export function numberFormats(styles: string): NumberFormat[] {
  const codes = new Map<string, string>();
  const formats: NumberFormat[] = [];
  let inCells = false;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const name = localName(tag);
        if (name === 'numFmt') codes.set(attributes['numFmtId'] ?? '', attributes['formatCode'] ?? '');
        if (name === 'cellXfs') inCells = true;
        if (name === 'xf' && inCells) formats.push(formatOf(codes.get(attributes['numFmtId'] ?? '') ?? ''));
      },
      onclosetag(tag) {
        if (localName(tag) === 'cellXfs') inCells = false;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(styles);
  return formats;
}

/** Marks that only say how the next character is shown. */
const QUOTES = /["\\]|\[[^\]]*\]/gu;

function formatOf(code: string): NumberFormat {
  const plain = code.replace(QUOTES, '').split(';', 1)[0] ?? '';
  if (/^0{6}[-‐–]0{4}$/u.test(plain)) return 'hyphen';
  return /^0{10}$/u.test(plain) ? 'ten' : 'other';
}

const INTEGER_MOST = 10_000_000_000;

/** A number as its format shows it; one in the exponential form of the file is written out. */
export function written(value: string, format: NumberFormat): string {
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < 0 || number >= INTEGER_MOST) return value;
  if (format === 'other') return String(number);
  const digits = String(number).padStart(10, '0');
  return format === 'ten' ? digits : `${digits.slice(0, 6)}-${digits.slice(6)}`;
}
