// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import type { Language } from '@securemail/contracts';
import PDFDocument from 'pdfkit';
import { PDF_UA_METADATA } from './metadata.ts';
import { PAGE, pageWriter, type PageWriter } from './page.ts';

export interface DocumentOptions {
  /** Shown by readers, and by what lists files: nothing that is not for everybody. */
  title: string;
  language: Language;
  madeAt: Date;
}

/** Begins a document that is PDF/UA-1 and PDF/A-3a once it is ended. */
export function openDocument({ title, language, madeAt }: DocumentOptions): {
  page: PageWriter;
  /** Puts a file into it that says as data what the pages say; its octets stand there as they are, not compressed. */
  attach: (file: { name: string; mediaType: string; bytes: Buffer }) => void;
  end: () => Promise<Buffer>;
} {
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
    info: { Title: title, Producer: 'Secure@Mail', Creator: 'Secure@Mail', CreationDate: madeAt },
  });
  const written = buffer(doc);
  doc.addPage();
  const page = pageWriter(doc);
  return {
    page,
    attach({ name, mediaType, bytes }) {
      // Its types do not know `relationship` (ISO 32000-2 §7.11.3).
      const options = {
        name,
        type: mediaType,
        description: title,
        relationship: 'Data',
        creationDate: madeAt,
        modifiedDate: madeAt,
      };
      doc.compress = false;
      doc.file(bytes, options);
      doc.compress = true;
    },
    end() {
      page.end();
      doc.appendXML(PDF_UA_METADATA);
      doc.end();
      return written;
    },
  };
}
