// SPDX-License-Identifier: Apache-2.0
import type { Directions } from './directions.ts';

/** What pdfkit does for `text`, and its types do not know: it finds the lines, and has them written by the last. */
interface Lines {
  _text(
    text: string,
    x: number,
    y: number,
    options: { width: number },
    line: (line: string, options: object, wrapper: unknown) => void,
  ): void;
}

/** Writes a paragraph of words that go from right to left, among others perhaps, down the pages. */
export function writeDirected(
  doc: PDFKit.PDFDocument,
  text: string,
  { fromRight, pieces }: Directions,
  { x, y, width }: { x: number; y: number; width: number },
): void {
  // A piece is laid out as a whole where features are named, be it none; else word after word, to the right.
  const whole = { lineBreak: false, features: [] };
  let start = 0;
  (doc as unknown as Lines)._text(text, x, y, { width }, (line) => {
    const all = pieces(start, start + line.length);
    start += line.length;
    const height = doc.currentLineHeight(true);
    const { y: top } = doc;
    // To lay out a piece is what costs: once for its width, once to write it.
    const measured = all.map((piece) => ({ piece, taken: doc.widthOfString(piece, whole) }));
    let left = fromRight ? x + width - measured.reduce((sum, { taken }) => sum + taken, 0) : x;
    for (const { piece, taken } of measured) {
      doc.text(piece, left, top, whole);
      left += taken;
    }
    doc.x = x;
    doc.y = top + height;
  });
}
