// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';

/**
 * What becomes of a part of which nobody knows who wrote it: `kept` as it is, `html` cleaned, `multipart` and `message`
 * looked into; all else is `saved`, plain octets that no mail program shows.
 */
export interface PartKind {
  readonly kind: 'kept' | 'html' | 'multipart' | 'message' | 'saved';
  /** Lower case, `type/subtype`; of what is saved `application/octet-stream`. */
  readonly type: string;
  /** Content-Transfer-Encoding; null for none. */
  readonly encoding: string | null;
  /** The value of Content-Type as it came, in one line. */
  readonly value: string;
}

const TOKEN = "[!#$%&'*+.^_`{|}~0-9a-z-]+";
/** RFC 2045 §5.1, without comments. */
const EXACT = new RegExp(`^(${TOKEN}/${TOKEN})\\s*(?:;|$)`);
/** Where programs that take it less exactly end a type. */
const LENIENT = /^[^\s;,()]*/;

const HTML = new Set(['text/html', 'application/xhtml+xml', 'text/x-html']);
const MULTIPARTS = new Set(
  ['mixed', 'alternative', 'related', 'signed', 'report'].map((each) => `multipart/${each}`),
);
/** What programs show and cannot act, and what they only save or hand to another program; not what that would run macros of. */
const KEPT = new RegExp(
  [
    'text/plain',
    'image/(png|p?jpeg|jpg|gif|webp|bmp|x-ms-bmp|tiff)',
    'audio/(mpeg|mp4|x-m4a|aac|ogg|opus|flac|(x-)?wav|webm|amr|3gpp)',
    'video/(mp4|mpeg|ogg|webm|quicktime|x-msvideo|3gpp)',
    'application/(octet-stream|pdf|(x-)?zip|x-zip-compressed|(x-)?gzip|x-7z-compressed|x-tar|json)',
    'application/vnd\\.openxmlformats-officedocument\\.[a-z]+ml\\.(document|sheet|presentation)',
    'application/vnd\\.oasis\\.opendocument\\.(text|spreadsheet|presentation|graphics)',
    'application/((x-)?pkcs7|pgp)-signature',
  ]
    .map((each) => `^${each}$`)
    .join('|'),
);
const IDENTITY = new Set([null, '7bit', '8bit', 'binary']);
const ENCODED = new Set<string | null>(['base64', 'quoted-printable']);

export function kindOf(node: MimeNode): PartKind {
  const types = valuesOf(node, 'content-type');
  const encodings = valuesOf(node, 'content-transfer-encoding').map((each) => each.toLowerCase());
  // RFC 2046 §5.1; another default has only multipart/digest, which is not looked into.
  const value = types[0] ?? 'text/plain';
  const encoding = encodings[0] ?? null;
  const isClear = types.length < 2 && encodings.length < 2;
  const isDecodable = encodings.length < 2 && (IDENTITY.has(encoding) || ENCODED.has(encoding));
  const kind = isClear && isDecodable ? understood(node, value.toLowerCase(), encoding) : null;
  return kind === null
    ? {
        kind: 'saved',
        type: 'application/octet-stream',
        encoding: isDecodable ? encoding : '8bit',
        value: '',
      }
    : { ...kind, encoding, value };
}

function understood(
  node: MimeNode,
  value: string,
  encoding: string | null,
): Pick<PartKind, 'kind' | 'type'> | null {
  const lenient = LENIENT.exec(value)?.[0] ?? '';
  if (HTML.has(lenient)) return { kind: 'html', type: 'text/html' };
  const type = EXACT.exec(value)?.[1] ?? '';
  if (KEPT.test(type)) return { kind: 'kept', type };
  if (!IDENTITY.has(encoding)) return null;
  if (type === 'message/rfc822') return { kind: 'message', type };
  return MULTIPARTS.has(type) && node._boundary !== false ? { kind: 'multipart', type } : null;
}

/** The values of the fields of that name, each in one line. */
function valuesOf(node: MimeNode, name: string): string[] {
  if (node.headers === false) return [];
  return node.headers
    .getList()
    .filter(({ key }) => key === name)
    .map(({ line }) =>
      line
        .slice(line.indexOf(':') + 1)
        .replaceAll(/\r\n(?=[ \t])/g, '')
        .trim(),
    );
}
