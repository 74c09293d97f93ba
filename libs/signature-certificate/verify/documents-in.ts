// SPDX-License-Identifier: Apache-2.0
import { extname } from 'node:path';
import { contentTypeOf, readContentType } from '@securemail/smime';
import { LIMITS } from './limits.ts';
import { encodingOf, hasOneMeaning, type Entity } from './mime-tree.ts';

/** A message, or one that is attached to it: where its own entity begins. */
export interface Message {
  /** What it says of itself, and what is in it. */
  readonly entity: Entity;
  /** Whether it is the one that was given. */
  readonly outermost: boolean;
}

/** A PDF document, and where it lies. */
export interface Document {
  readonly pdf: Buffer;
  readonly filename: string;
  readonly entity: Entity;
  /** The multipart that it is a part of; null where it is the whole mail. */
  readonly parent: Entity | null;
  readonly message: Message;
}

/** All PDF documents of a message and of those attached to it, from the outside in. */
export function documentsIn(message: Message): Document[] {
  const found: (Document & { depth: number })[] = [];
  const visit = (entity: Entity, parent: Entity | null, within: Message, depth: number) => {
    const filename = filenameOf(entity);
    if (entity.parts.length === 0 && isPdf(entity, filename)) {
      const pdf = decoded(entity);
      if (pdf !== null) found.push({ pdf, filename, entity, parent, message: within, depth });
      return;
    }
    const attached = entity.type.startsWith('message/');
    for (const part of entity.parts) {
      visit(part, entity, attached ? { entity: part, outermost: false } : within, depth + 1);
    }
  };
  visit(message.entity, null, message, 0);
  return found.toSorted((one, other) => one.depth - other.depth);
}

const isPdf = ({ type }: Entity, filename: string) =>
  type === 'application/pdf' || extname(filename).toLowerCase() === '.pdf';

function filenameOf({ header }: Entity): string {
  const disposition = readContentType(header.get('Content-Disposition') ?? '');
  return disposition.parameters.get('filename') ?? contentTypeOf(header).parameters.get('name') ?? '';
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What programs could decode in two ways is not decoded: what one of them shows might be another document. Other
 * encodings no program uses for a PDF.
 */
function decoded({ header, body }: Entity): Buffer | null {
  if (!hasOneMeaning(header)) return null;
  switch (encodingOf(header)) {
    case 'base64': {
      if (body.length > 2 * LIMITS.pdfOctets) return null;
      const text = body.toString('latin1').replace(/\s+/g, '');
      return BASE64.test(text) ? Buffer.from(text, 'base64') : null;
    }
    case 'binary':
    case '8bit':
    case '7bit':
      return body;
    default:
      return null;
  }
}
