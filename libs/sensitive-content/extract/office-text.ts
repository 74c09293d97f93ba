// SPDX-License-Identifier: Apache-2.0
import { xmlText, type Border, type XmlText } from './markup-text.ts';

const NO_BORDER: Border = ['', ''];
const LINE: Border = ['', '\n'];
const CELL: Border = ['', '\t'];

/** Word and PowerPoint (ECMA-376, parts 1 §17 and §21), and what Excel keeps beside its cells: text is in runs. */
const RUNS: XmlText = {
  only: new Set(['t', 'delText', 'instrText', 'text', 'v', 'definedName']),
  borders: new Map<string, Border>([
    ['p', LINE],
    ['br', LINE],
    ['cr', LINE],
    ['tr', LINE],
    ['tc', CELL],
    ['tab', CELL],
    ['v', LINE],
    ['definedName', LINE],
    ['comment', LINE],
    ['si', LINE],
    ['ptab', CELL],
    ['noBreakHyphen', ['-', '']],
  ]),
  border: NO_BORDER,
  spoken: new Set(['descr', 'title', 'instr', 'name', 'displayName', 'v']),
  // Variables of a document, and what its fields are called by.
  spokenOf: new Set(['docVar', 'tag', 'alias']),
};

/** OpenDocument 1.3, part 3. */
const OPEN_DOCUMENT: XmlText = {
  borders: new Map<string, Border>([
    ['p', LINE],
    ['h', LINE],
    ['line-break', LINE],
    ['table-row', LINE],
    ['table-cell', CELL],
    ['covered-table-cell', CELL],
    ['tab', CELL],
    ['s', ['', ' ']],
  ]),
  border: NO_BORDER,
  spoken: new Set(['description', 'href']),
};

const DESCRIPTIONS: XmlText = { borders: new Map(), border: LINE, spoken: new Set(['Target', 'name']) };

/** Which parts of a document have text of which kind; the first that fits counts. */
const PARTS: readonly (readonly [RegExp, XmlText])[] = [
  [/^(?:word|ppt|xl)\/(?:[^/]+\/)*[^/]+\.xml$/iu, RUNS],
  [/^(?:content|styles|meta)\.xml$/u, OPEN_DOCUMENT],
  [/^(?:docProps|customXml)\/.*\.xml$|\.rels$/u, DESCRIPTIONS],
];

/** Whether the name of a part shows that the archive is a document: of ECMA-376, or an OpenDocument. */
export function marksDocument(name: string): boolean {
  return name === '[Content_Types].xml' || name === 'mimetype';
}

/** Whether a part of a document is read by `officeText`. */
export function isOfficeText(name: string): boolean {
  return PARTS.some(([part]) => part.test(name));
}

/** Whether a part of a document is for machines alone: settings of a printer, a font, a small picture of the first page. */
export function isSilent(name: string): boolean {
  return /^xl\/printerSettings\/|^word\/fonts\/|^docProps\/thumbnail\.|^Thumbnails\//u.test(name);
}

/** The text of a part of a document that `isOfficeText`: paragraphs as lines, cells of a row apart by tabs. */
export function officeText(name: string, xml: string): string {
  const vocabulary = PARTS.find(([part]) => part.test(name))?.[1] ?? DESCRIPTIONS;
  return inRows(xmlText(xml, vocabulary), vocabulary);
}

/** Text that a drawing shows in pieces of one line each, or of several. */
const DRAWING: XmlText = {
  borders: new Map<string, Border>([
    ['text', LINE],
    ['title', LINE],
    ['desc', LINE],
    ['p', LINE],
  ]),
  border: NO_BORDER,
};

/** Namespaces of documents that are one XML file, not parts in an archive: of Word (Flat OPC, and that of 2003), OpenDocument, SVG. */
const IN_ONE_FILE: readonly (readonly [RegExp, XmlText])[] = [
  [/schemas\.microsoft\.com\/office\/(?:2006\/xmlPackage|word\/2003\/wordml)/u, RUNS],
  [/urn:oasis:names:tc:opendocument:/u, OPEN_DOCUMENT],
  [/<(?:\w+:)?svg\b/u, DRAWING],
];

/**
 * The text of a document that is one XML file, as its program shows it: what it parts by elements is one line there.
 *
 * @returns null where it is of another vocabulary.
 */
export function officeTextInOneFile(xml: string, start: string): string | null {
  const vocabulary = IN_ONE_FILE.find(([namespace]) => namespace.test(start))?.[1];
  return vocabulary === undefined ? null : inRows(xmlText(xml, vocabulary), vocabulary);
}

/** In a cell paragraphs end, too: a line end right before the end of a cell is none. */
function inRows(text: string, vocabulary: XmlText): string {
  return vocabulary === DESCRIPTIONS ? text : text.replace(/\n+(?=\t)/gu, '');
}
