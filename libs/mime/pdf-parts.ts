// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import { decoded } from './decoded.ts';
import { splitParts } from './split-parts.ts';

export interface PdfPart {
  /** As a mail program shows it; empty where it has none. */
  readonly filename: string;
  /** Empty where it is longer than what was asked for. */
  readonly content: Buffer;
}

/**
 * The parts of a message that are PDF documents by their type or their name, or that are looked for by their name, those of
 * messages in it too. Holds one at a time.
 *
 * @param source a message or a MIME entity, CRLF lines.
 * @param most octets of an encoded part that are held.
 * @param isNamed whether a file of that name is looked for.
 * @throws UnneutralisableError where it has more parts, or a longer header, than mail has; what the source throws.
 */
export async function* pdfParts(
  source: AsyncIterable<Uint8Array>,
  { most, isNamed }: { most: number; isNamed: (filename: string) => boolean },
): AsyncGenerator<PdfPart, void, void> {
  let pdf: { node: MimeNode; chunks: Buffer[]; size: number } | null = null;
  for await (const chunk of splitParts(source)) {
    if (chunk.type === 'body') {
      if (pdf === null) continue;
      pdf.size += chunk.value.length;
      if (pdf.size <= most) pdf.chunks.push(chunk.value);
      continue;
    }
    if (pdf !== null) yield await partOf(pdf, most);
    pdf =
      chunk.type === 'node' && (isPdf(chunk) || isNamed(nameOf(chunk)))
        ? { node: chunk, chunks: [], size: 0 }
        : null;
  }
  if (pdf !== null) yield await partOf(pdf, most);
}

const nameOf = ({ filename }: MimeNode) => (typeof filename === 'string' ? filename : '');

const isPdf = (node: MimeNode) =>
  node.multipart === false &&
  ((node.contentType || '').toLowerCase() === 'application/pdf' || /\.pdf\s*$/i.test(nameOf(node)));

const partOf = async (
  { node, chunks, size }: { node: MimeNode; chunks: readonly Buffer[]; size: number },
  most: number,
): Promise<PdfPart> => ({
  filename: nameOf(node),
  content: size > most ? Buffer.alloc(0) : await decoded(node, chunks),
});
