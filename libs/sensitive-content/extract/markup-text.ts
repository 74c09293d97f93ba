// SPDX-License-Identifier: Apache-2.0
import { Parser } from 'htmlparser2';

/** Elements within a line: they part no words. All others do. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
const CELLS = new Set(['td', 'th']);
/** Attributes that people read, or that tell where a link leads. */
const SPOKEN = [
  'alt',
  'title',
  'value',
  'placeholder',
  'aria-label',
  'summary',
  'content',
  'label',
  'href',
  'action',
];
const SILENT = new Set(['style']);

/**
 * The text of HTML, entities decoded, as a reader or his machine may see it: hidden text, comments, scripts and spoken
 * attributes, too. Cells are apart by tabs; blocks, rows and line breaks are lines. Wrong HTML is read as browsers do.
 */
export function htmlText(html: string): string {
  const out: string[] = [];
  const asides: string[] = [];
  let silent = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (SILENT.has(name)) silent += 1;
        out.push(borderOf(name));
        for (const key of SPOKEN) {
          const value = attributes[key];
          if (value !== undefined && !value.startsWith('data:')) asides.push(decodedLink(value));
        }
      },
      ontext(text) {
        if (silent === 0) out.push(text.replace(/[ \t\r\n]+/gu, ' '));
      },
      onclosetag(name) {
        if (SILENT.has(name)) silent -= 1;
        out.push(borderOf(name));
      },
      oncomment(text) {
        asides.push(text);
      },
    },
    { decodeEntities: true, recognizeSelfClosing: true },
  );
  parser.end(html);
  return `${out.join('')}\n${asides.join('\n')}`;
}

function borderOf(name: string): string {
  if (CELLS.has(name)) return '\t';
  return INLINE.has(name) ? '' : '\n';
}

function decodedLink(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** What stands in a text where an element begins, and where it ends. */
export type Border = readonly [open: string, close: string];

/** What the elements of an XML vocabulary mean for its text; names are without their prefix. */
export interface XmlText {
  /** The only elements whose text counts; without it, all. */
  only?: ReadonlySet<string>;
  borders: ReadonlyMap<string, Border>;
  /** For all others. */
  border: Border;
  /** Attributes whose values are read. */
  spoken?: ReadonlySet<string>;
}

/** The text of XML. No entities but those of XML are known, so nothing expands, and wrong XML is read as far as it goes. */
export function xmlText(xml: string, { only, borders, border, spoken }: XmlText): string {
  const out: string[] = [];
  const asides: string[] = [];
  let reading = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const local = localName(name);
        if (only?.has(local) === true) reading += 1;
        out.push((borders.get(local) ?? border)[0]);
        if (spoken === undefined) return;
        for (const key in attributes) {
          const value = attributes[key];
          if (value !== undefined && spoken.has(localName(key))) asides.push(value);
        }
      },
      ontext(text) {
        if (only === undefined || reading > 0) out.push(text);
      },
      onclosetag(name) {
        const local = localName(name);
        if (only?.has(local) === true) reading -= 1;
        out.push((borders.get(local) ?? border)[1]);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return `${out.join('')}\n${asides.join('\n')}`;
}

/** The name of an element or attribute without its prefix. */
export const localName = (name: string) => name.slice(name.indexOf(':') + 1);
