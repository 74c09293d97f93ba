// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Language } from '@securemail/contracts';
import { openDocument } from '@securemail/pdf';
import type { Description, Tone } from '../words/description.ts';

const COLOURS: Record<Tone, string> = { good: '#1b6e3c', doubtful: '#8a5a00', bad: '#a61b1b' };

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
  { title, tone, statements, tables, notes }: Description,
  { language, madeAt, attached }: { language: Language; madeAt: Date; attached: Attached },
): Promise<Buffer> {
  const { page, attach, end } = openDocument({ title, language, madeAt });
  page.bar(COLOURS[tone]);
  page.title(title);
  for (const statement of statements) {
    page.strong(statement.headline, COLOURS[statement.tone]);
    page.text(statement.explanation);
  }
  for (const { level, heading, rows } of tables) {
    page.heading(level, heading);
    page.rows(rows);
  }
  for (const note of notes) page.note(note);
  attach(attached);
  return withoutChecksum(await end(), attached.bytes);
}

/** pdfkit writes the MD5 of the file, which is optional, and is written over here: the file will be another. */
function withoutChecksum(pdf: Buffer, bytes: Buffer): Buffer {
  const entry = `/CheckSum (${createHash('md5').update(bytes).digest('hex')})`;
  const at = pdf.indexOf(entry);
  if (at >= 0) pdf.fill(' ', at, at + entry.length);
  return pdf;
}
