// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { Document, Header, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import PDFDocument from 'pdfkit';
import writeExcelFile from 'write-excel-file/node';

/** A PDF document with a page for each text. */
export async function pdfOf(
  pages: readonly string[],
  options: PDFKit.PDFDocumentOptions = {},
  more: (pdf: PDFKit.PDFDocument) => void = () => undefined,
): Promise<Buffer> {
  const pdf = new PDFDocument({ autoFirstPage: false, ...options });
  for (const page of pages) pdf.addPage().text(page);
  more(pdf);
  pdf.end();
  return buffer(pdf);
}

/** A Word document: a header, paragraphs, each cut into runs at `|`, and a table. */
export async function docxOf(
  paragraphs: readonly string[],
  { header = '', rows = [] }: { header?: string; rows?: readonly (readonly string[])[] } = {},
): Promise<Buffer> {
  const paragraph = (text: string) =>
    new Paragraph({
      children: text.split('|').map((run, i) => new TextRun({ text: run, smallCaps: i % 2 === 1 })),
    });
  const table = new Table({
    rows: rows.map(
      (cells) =>
        new TableRow({ children: cells.map((cell) => new TableCell({ children: [paragraph(cell)] })) }),
    ),
  });
  const children = [...paragraphs.map(paragraph), ...(rows.length > 0 ? [table] : [])];
  const headers = { default: new Header({ children: [paragraph(header)] }) };
  return Packer.toBuffer(new Document({ sections: [{ headers, children }] }));
}

/** An Excel workbook of one sheet; a number may have a format. */
export async function xlsxOf(
  rows: readonly (readonly (string | number | { value: number; format: string } | null)[])[],
): Promise<Buffer> {
  const data = rows.map((cells) =>
    cells.map((cell) => {
      if (cell === null) return null;
      if (typeof cell === 'object') return { type: Number, ...cell };
      return typeof cell === 'number' ? { type: Number, value: cell } : { type: String, value: cell };
    }),
  );
  return writeExcelFile(data).toBuffer();
}
