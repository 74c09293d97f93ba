// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import type { PartKind } from './part-kind.ts';

/** RFC 5322 §2.2, eight bits; a line end of half its octets is one for some programs. */
const FIELD = /^[!-9;-~]+:[^\0\r\n]*(\r\n[ \t][^\0\r\n]*)*$/;
/** Those of Content-* that say nothing of what a part is, and have no address in them. */
const SAYS_NOTHING = new Set(['content-id', 'content-description', 'content-language']);
/** Parameters that a part is read by, but for its boundary and its name. */
const PARAMETER =
  /;\s*(charset|format|delsp|protocol|micalg|report-type|type|start)\s*=\s*(?:"([\w.:+/@<>$ -]{1,200})"|([\w.:+/@<>$-]{1,200}))\s*(?=;|$)/gi;
/** By which programs guess what `application/octet-stream` is: pictures, and what nothing shows by itself, has macros or fetches anything. */
const EXTENSIONS = new Set(
  (
    'bin txt log pdf png jpg jpeg gif webp bmp tif tiff zip gz 7z tar json docx xlsx pptx odt ods odp ' +
    'odg mp3 m4a aac ogg opus flac wav amr mp4 mpg mpeg webm mov avi 3gp p7s asc sig dwg dxf'
  ).split(' '),
);

/** What file systems do not take; without `?` nothing in it is an encoded word, which programs would decode once more. */
const NOT_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}/\\:"?*<>|]/gu;
/** What was looked into may be called what it is, and nothing else. */
const LOOKED_INTO: Readonly<Partial<Record<PartKind['kind'], readonly string[]>>> = {
  html: ['html', 'htm'],
  message: ['eml'],
};

/** Others than Content-* mean nothing in a part (RFC 2046 §5.1), and mail programs act on some of their own. */
const isKept = (key: string, node: MimeNode): boolean =>
  key.startsWith('content-') ? SAYS_NOTHING.has(key) : node.root && !key.startsWith('x-mozilla-');

/** By hand: an expression that is anchored at the end alone takes the square of a long row of spaces. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && /[\s.]/.test(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end);
}

/** The name that a part is saved by, and whether it is another than the one it came with. */
export function harmlessName(node: MimeNode, { kind, type }: PartKind): { name: string; changed: boolean } {
  const came = typeof node.filename === 'string' ? node.filename : '';
  const name = withoutEnd(came.replaceAll(NOT_IN_NAMES, '')).trim().slice(-100).toWellFormed();
  if (!name.includes('.')) return { name, changed: false };
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const own = LOOKED_INTO[kind];
  if (own === undefined ? EXTENSIONS.has(extension) : own.includes(extension))
    return { name, changed: false };
  return { name: `${name}.${own?.[0] ?? (type === 'text/plain' ? 'txt' : 'bin')}`, changed: true };
}

/**
 * The header of a part, written anew: what says what it is stands once, and in a way that all programs read alike. Ends
 * with the empty line.
 *
 * @param boundary of a multipart.
 */
export function harmlessHeader(node: MimeNode, part: PartKind, boundary?: string): Buffer {
  const lines =
    node.headers === false
      ? []
      : node.headers
          .getList()
          .filter(({ key, line }) => FIELD.test(line) && isKept(key, node))
          .map(({ line }) => line);
  const encoding = part.kind === 'html' ? 'base64' : part.encoding;
  const written = [
    `Content-Type: ${[part.type, ...parametersOf(part, boundary)].join(';\r\n ')}`,
    ...(encoding === null ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
    ...dispositionOf(node, part),
  ];
  return Buffer.from([...lines, ...written, '', ''].join('\r\n'), 'latin1');
}

function parametersOf({ kind, value }: PartKind, boundary: string | undefined): string[] {
  if (kind === 'html') return ['charset=utf-8'];
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of value.matchAll(PARAMETER)) {
    const lower = name.toLowerCase();
    if (!found.has(lower)) found.set(lower, quoted === undefined ? (plain ?? '') : quoted);
  }
  const own = boundary === undefined ? [] : [`boundary="${boundary}"`];
  return [...Array.from(found, ([name, text]) => `${name}=${quotedWhereNeeded(text)}`), ...own];
}

const quotedWhereNeeded = (text: string) => (/^[\w.+-]+$/.test(text) ? text : `"${text}"`);

function dispositionOf(node: MimeNode, part: PartKind): string[] {
  if (part.kind === 'multipart') return [];
  const { name } = harmlessName(node, part);
  const said = node.disposition || '';
  if (part.kind !== 'saved' && said === '' && name === '') return [];
  const isShown = part.kind === 'html' || /^(text|image)\//.test(part.type);
  const inline = said === 'inline' || (said === '' && isShown);
  const disposition = inline && part.kind !== 'saved' ? 'inline' : 'attachment';
  return [`Content-Disposition: ${disposition}${name === '' ? '' : `;\r\n ${filename(name)}`}`];
}

/** RFC 2183, and RFC 2231 where it is not ASCII, or some programs would decode it. */
const filename = (name: string) =>
  /^[ -$&-~]*$/.test(name)
    ? `filename="${name}"`
    : `filename*=utf-8''${encodeURIComponent(name).replaceAll(/['()*!]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)}`;
