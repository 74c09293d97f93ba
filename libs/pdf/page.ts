// SPDX-License-Identifier: Apache-2.0
import { directionsOf } from './directions.ts';
import { COMMON_LETTERS, fonts, type Fonts } from './fonts.ts';
import { printable } from './printable.ts';
import { writeDirected } from './write-directed.ts';

const MARGIN = 50;
const WIDTH = 595.28 - 2 * MARGIN;
const LABEL = 165;
const GAP = 10;
const INK = '#1a1a1a';

export const PAGE = { size: 'A4', margin: MARGIN } as const;

/** A label and what it says. */
export type Row = readonly [label: string, value: string];

interface Style {
  font: keyof Fonts;
  size: number;
  colour?: string;
}

export type PageWriter = ReturnType<typeof pageWriter>;

/** Writes tagged text down the pages; each thing is one structure element, in reading order. */
export function pageWriter(doc: PDFKit.PDFDocument) {
  const root = doc.struct('Document');
  doc.addStructure(root);
  // Named, as pdfkit compares fonts that have no name at length, and read already, which its types do not know.
  const { regular, bold } = fonts();
  doc.registerFont('regular', regular as unknown as string);
  doc.registerFont('bold', bold as unknown as string);
  // The bold ones are those of the labels: always the same, for the same kind of mail.
  includeLetters(doc.font('regular'), COMMON_LETTERS);
  let lacksLetters = false;
  const use = ({ font, size, colour = INK }: Style) => doc.font(font).fontSize(size).fillColor(colour);
  /** Turns the page where there is no room. Nothing needs more than half a page, so in the upper half nothing is measured. */
  const room = (height: () => number) => {
    const bottom = doc.page.height - MARGIN;
    const most = doc.page.height / 2;
    if (doc.y + most > bottom && doc.y + Math.min(height(), most) > bottom) doc.addPage();
  };
  /** Adds an element with text. What the font cannot show is there for those who listen. */
  const say = (
    parent: PDFKit.PDFStructureElement,
    tag: string,
    text: string,
    style: Style,
    at: { x: number; y: number; width: number },
    options: object = {},
  ) => {
    const { shown, actual, hasUnknown } = printable(text, fonts()[style.font]);
    lacksLetters ||= hasUnknown;
    // In a row a name stays beside its own address, whatever letters it is written in.
    const directions = directionsOf(shown, tag === 'TD' ? 'ltr' : 'auto');
    const write = () => {
      use(style);
      if (directions === null) doc.text(shown, at.x, at.y, { width: at.width });
      else writeDirected(doc, shown, directions, at);
    };
    // In the order in which it is read, which no reader knows from where the words stand.
    const said = actual ?? (directions === null ? null : shown);
    const element = doc.struct(tag, said === null ? options : { ...options, actual: said }, write);
    parent.add(element);
    element.end();
  };
  const paragraph = (tag: string, text: string, style: Style, after: number) => {
    room(() => use(style).heightOfString(printable(text, fonts()[style.font]).shown, { width: WIDTH }));
    say(root, tag, text, style, { x: MARGIN, y: doc.y, width: WIDTH });
    doc.y += after;
  };
  const row = (table: PDFKit.PDFStructureElement, [label, value]: Row) => {
    const strong: Style = { font: 'bold', size: 8.5 };
    const plain: Style = { font: 'regular', size: 8.5 };
    const width = WIDTH - LABEL - GAP;
    room(() =>
      Math.max(
        use(strong).heightOfString(printable(label, bold).shown, { width: LABEL }),
        use(plain).heightOfString(printable(value, regular).shown, { width }),
      ),
    );
    const top = doc.y;
    const { page } = doc;
    const line = doc.struct('TR');
    table.add(line);
    say(line, 'TH', label, strong, { x: MARGIN, y: top, width: LABEL }, { scope: 'Row' });
    const below = doc.y;
    say(line, 'TD', value, plain, { x: MARGIN + LABEL + GAP, y: top, width });
    line.end();
    // A long value ends on another page, where no label is beside it.
    doc.y = (doc.page === page ? Math.max(below, doc.y) : doc.y) + 3;
  };
  const table = () => {
    const all = doc.struct('Table');
    root.add(all);
    return {
      row: (each: Row) => {
        row(all, each);
      },
      end: () => {
        all.end();
        doc.y += 4;
      },
    };
  };
  return {
    /** A line in a colour, which only repeats what the words say. */
    bar: (colour: string) => {
      doc.markContent('Artifact', { type: 'Layout' });
      doc.rect(MARGIN, doc.y, WIDTH, 6).fill(colour);
      doc.endMarkedContent();
      doc.y += 16;
    },
    title: (text: string) => {
      paragraph('H1', text, { font: 'bold', size: 20 }, 8);
    },
    /** 2: sections of the document. 3: what belongs to the section before. */
    heading: (level: 2 | 3, text: string) => {
      const size = level === 2 ? 12 : 10;
      // A heading stays with what follows it.
      room(() => 60);
      doc.y += level === 2 ? 6 : 2;
      paragraph(`H${level}`, text, { font: 'bold', size }, 3);
    },
    strong: (text: string, colour?: string) => {
      paragraph('P', text, { font: 'bold', size: 13, ...(colour === undefined ? {} : { colour }) }, 2);
    },
    text: (text: string, after = 8) => {
      paragraph('P', text, { font: 'regular', size: 10.5 }, after);
    },
    note: (text: string) => {
      paragraph('P', text, { font: 'regular', size: 8.5 }, 3);
    },
    rows: (rows: readonly Row[]) => {
      if (rows.length === 0) return;
      const { row: add, end } = table();
      for (const each of rows) add(each);
      end();
    },
    /** For who writes many rows, and lets others have their turn between them. At least one row is in it. */
    table,
    /** Points of room between two paragraphs. */
    space: (points: number) => {
      doc.y += points;
    },
    /** Whether a white square stands for some letter so far. */
    lacksLetters: () => lacksLetters,
    end: () => {
      root.end();
    },
  };
}

/** Has pdfkit embed letters, used or not: it does so only for what it encodes, which its types do not know. */
function includeLetters(doc: PDFKit.PDFDocument, letters: string): void {
  (doc as unknown as { _font: { encode: (text: string) => unknown } })._font.encode(letters);
}
