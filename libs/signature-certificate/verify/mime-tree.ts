// SPDX-License-Identifier: Apache-2.0
import { headerIn, headerOf, MalformedMessageError, type Header } from '@securemail/mime';
import { contentTypeOf } from '@securemail/smime';
import { LIMITS } from './limits.ts';
import { partsOf, type Parts } from './parts-of.ts';

/** A MIME entity with its octets; no library keeps those of a part, and digests are over them. */
export interface Entity {
  readonly header: Header;
  /** In lower case; `text/plain` where none is given. */
  readonly type: string;
  /** Header, empty line and body. */
  readonly octets: Buffer;
  readonly body: Buffer;
  /** Of a multipart, or the one entity of a message/rfc822. */
  readonly parts: readonly Entity[];
  /** See `Parts`. */
  readonly bare: boolean;
}

/** Fields that decide how the rest is read: where one stands twice, two programs may read two mails. */
const DECISIVE = ['content-type', 'content-transfer-encoding'];
const ENCODED = ['base64', 'quoted-printable'];

/**
 * Reads a message or entity, lines ended by CRLF, with all that is in it. What could be read in two ways, what is too deep
 * and what is one too many has no parts: then nothing that is in it counts.
 */
export function readEntity(octets: Buffer): Entity {
  return read(octets, 0, { left: LIMITS.parts });
}

function read(octets: Buffer, depth: number, budget: { left: number }): Entity {
  budget.left -= 1;
  const { header, body } = divided(octets);
  const { type, parameters } = contentTypeOf(header);
  const entity = { header, type: type === '' ? 'text/plain' : type, octets, body, bare: false };
  if (
    depth >= LIMITS.depth ||
    budget.left <= 0 ||
    !hasOneMeaning(header) ||
    ENCODED.includes(encodingOf(header))
  )
    return { ...entity, parts: [] };
  const inside = insideOf(entity.type, parameters.get('boundary'), body);
  if (inside.parts.length > budget.left) return { ...entity, parts: [] };
  return {
    ...entity,
    bare: inside.bare,
    parts: inside.parts.map((part) => read(part, depth + 1, budget)),
  };
}

function insideOf(type: string, boundary: string | undefined, body: Buffer): Parts {
  if (type === 'message/rfc822' || type === 'message/global') return { parts: [body], bare: true };
  if (!type.startsWith('multipart/') || boundary === undefined) return { parts: [], bare: false };
  return partsOf(body, boundary);
}

const BOUNDARY = /[;\s]boundary[\s*\d]*=/gi;

/** No field that decides how the rest is read stands twice, and none has two boundaries. */
export const hasOneMeaning = ({ fields }: Header): boolean =>
  DECISIVE.every((name) => {
    const [first, second] = fields.filter((field) => field.name.toLowerCase() === name);
    const boundaries = first?.raw.toString('latin1').match(BOUNDARY) ?? [];
    return second === undefined && boundaries.length <= 1;
  });

export const encodingOf = (header: Header) =>
  header.get('Content-Transfer-Encoding')?.trim().toLowerCase() ?? '7bit';

const CRLF = Buffer.from('\r\n');
const EMPTY_LINE = Buffer.from('\r\n\r\n');
/** A header that cannot be read has no fields, and is all body. */
function divided(octets: Buffer): { header: Header; body: Buffer } {
  if (octets.subarray(0, CRLF.length).equals(CRLF)) {
    return { header: headerOf([]), body: octets.subarray(CRLF.length) };
  }
  const end = octets.indexOf(EMPTY_LINE);
  const start = end < 0 ? octets.length : end + EMPTY_LINE.length;
  try {
    return { header: headerIn(octets.subarray(0, start)), body: octets.subarray(start) };
  } catch (error) {
    if (error instanceof MalformedMessageError) return { header: headerOf([]), body: octets };
    throw error;
  }
}
