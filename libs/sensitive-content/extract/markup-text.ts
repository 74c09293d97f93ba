// SPDX-License-Identifier: Apache-2.0
import { Parser, type ParserOptions } from 'htmlparser2';

/**
 * Elements that part words: blocks, line breaks, what shows something of its own in a line, and what is no part of the line
 * that it stands in. All others are within a line (HTML §15.3), and so are those that nobody knows, as Word writes them.
 */
const BORDERS = new Set(
  [
    'address article aside blockquote body br caption center col colgroup dd details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main marquee menu nav noframes noscript ol optgroup option p plaintext pre search section summary table tbody template textarea tfoot thead title tr ul v:textbox xmp',
    'applet audio button canvas embed iframe img input meter object progress select video',
    'base link meta param rp rt rtc script source style track xml',
    'desc foreignobject metadata svg text',
  ].flatMap((names) => names.split(' ')),
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
  readInto(
    html,
    { decodeEntities: true, recognizeSelfClosing: true },
    {
      onbegin() {
        silent = 0;
      },
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
        // One line ends, not two.
        if (name !== 'br') out.push(borderOf(name));
      },
      oncomment(text) {
        asides.push(text);
      },
    },
  );
  return `${out.join('')}\n${asides.join('\n')}`;
}

function borderOf(name: string): string {
  if (CELLS.has(name)) return '\t';
  return BORDERS.has(name) ? '\n' : '';
}

function decodedLink(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Elements in each other: no program shows what lies deeper (Chromium: 512), and the parser takes time by their square. */
const DEEPEST = 1_000;
const SLICE = 16_384;

interface Reading {
  /** The parser begins, or begins anew within what lies too deep, as if nothing were open. */
  onbegin?(): void;
  onopentag(name: string, attributes: Record<string, string>): void;
  ontext(text: string): void;
  onclosetag(name: string): void;
  oncomment?(text: string): void;
}

/** Has all of a markup read, however deep it is, in a time by its length. */
function readInto(markup: string, options: ParserOptions, reading: Reading): void {
  let depth = 0;
  let isEnding = false;
  const begin = () => {
    depth = 0;
    reading.onbegin?.();
    return new Parser(
      {
        onopentag(name, attributes) {
          depth += 1;
          reading.onopentag(name, attributes);
        },
        ontext: (text) => {
          reading.ontext(text);
        },
        onclosetag(name) {
          depth -= 1;
          if (!isEnding) reading.onclosetag(name);
        },
        oncomment: (text) => reading.oncomment?.(text),
      },
      options,
    );
  };
  let parser = begin();
  for (let at = 0; at < markup.length;) {
    // Before a tag, so that no word is parted where it begins anew.
    const tag = markup.indexOf('<', at + SLICE);
    const end = tag === -1 ? markup.length : tag;
    parser.write(markup.slice(at, end));
    at = end;
    if (depth <= DEEPEST) continue;
    isEnding = true;
    parser.end();
    isEnding = false;
    parser = begin();
  }
  parser.end();
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
  /** Elements of which every value is. */
  spokenOf?: ReadonlySet<string>;
}

/** The text of XML. No entities but those of XML are known, so nothing expands, and wrong XML is read as far as it goes. */
export function xmlText(xml: string, { only, borders, border, spoken, spokenOf }: XmlText): string {
  const out: string[] = [];
  const asides: string[] = [];
  let reading = 0;
  readInto(
    xml,
    { xmlMode: true, decodeEntities: true },
    {
      onopentag(name, attributes) {
        const local = localName(name);
        if (only?.has(local) === true) reading += 1;
        out.push((borders.get(local) ?? border)[0]);
        if (spoken === undefined) return;
        for (const key in attributes) {
          const value = attributes[key];
          if (value !== undefined && (spoken.has(localName(key)) || spokenOf?.has(local) === true))
            asides.push(value);
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
  );
  return `${out.join('')}\n${asides.join('\n')}`;
}

/** The name of an element or attribute without its prefix. */
export const localName = (name: string) => name.slice(name.indexOf(':') + 1);
