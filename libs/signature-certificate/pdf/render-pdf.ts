// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Language } from '@securemail/contracts';
import PDFDocument from 'pdfkit';
import type { Description } from '../words/description.ts';
import { PDF_UA_METADATA } from './metadata.ts';
import { PAGE, pageWriter } from './page.ts';

export interface Attached {
  name: string;
  mediaType: string;
  /** They stand in the file as they are, not compressed. */
  bytes: Buffer;
}

/**
 * Renders a description as PDF/UA-1 and PDF/A-3a, with a file in it. In no metadata is there anything of the facts: what
 * lists files would show it.
 */
export async function renderPdf(
  description: Description,
  { language, madeAt, attached }: { language: Language; madeAt: Date; attached: Attached },
): Promise<Buffer> {
  const doc = new PDFDocument({
    ...PAGE,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: language,
    displayTitle: true,
    // Helvetica would be opened, which is not embedded.
    font: null as unknown as string,
    autoFirstPage: false,
    info: { Title: description.title, Producer: 'Secure@Mail', Creator: 'Secure@Mail', CreationDate: madeAt },
  });
  const written = buffer(doc);
  doc.addPage();
  const page = pageWriter(doc);
  page.bar(description.tone);
  page.title(description.title);
  for (const statement of description.statements) page.statement(statement);
  for (const table of description.tables) page.table(table);
  for (const note of description.notes) page.note(note);
  page.end();
  // Its types do not know `relationship` (ISO 32000-2 §7.11.3): what it says as data is what the pages say.
  const fileOptions = {
    name: attached.name,
    type: attached.mediaType,
    description: description.title,
    relationship: 'Data',
    creationDate: madeAt,
    modifiedDate: madeAt,
  };
  doc.compress = false;
  doc.file(attached.bytes, fileOptions);
  doc.compress = true;
  doc.appendXML(PDF_UA_METADATA);
  doc.end();
  return withoutChecksum(await written, attached.bytes);
}

/** pdfkit writes the MD5 of the file, which is optional, and is written over here: the file will be another. */
function withoutChecksum(pdf: Buffer, bytes: Buffer): Buffer {
  const entry = `/CheckSum (${createHash('md5').update(bytes).digest('hex')})`;
  const at = pdf.indexOf(entry);
  if (at >= 0) pdf.fill(' ', at, at + entry.length);
  return pdf;
}
