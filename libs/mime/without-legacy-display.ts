// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import { decoded } from './decoded.ts';
import { splitParts } from './split-parts.ts';

/** Octets of an encoded text; a longer one stays as it is. */
const LONGEST = 8 * 1024 * 1024;
const PARAMETER = /;\s*hp-legacy-display\s*=\s*(?:"1"|1)\s*(?=;|$)/i;
/** Not made of ASCII and more, so that lines and tags are other octets. */
const OTHER_THAN_ASCII = /^(utf-?(16|32|7)|ucs|ebcdic|ibm-?037)/i;
/** Bounded, so that hostile text takes no longer. */
const DIV = /<(\/?)div\b([^<>]{0,1000})>/gi;
// eslint-disable-next-line regexp/no-super-linear-backtracking -- DIV is bounded.
const IS_ELEMENT = /\bclass\s*=\s*["']?[^"'<>]*\bheader-protection-legacy-display\b/i;

/**
 * Takes the Legacy Display Elements out of a content whose header fields its readers are shown (RFC 9788 §4.5.3): of
 * text/plain the lines up to the first empty one, of text/html the `div` of that class, where the part says that it begins
 * with one (`hp-legacy-display="1"`). Such a part is written in base64, and says so no more; all else stays octet for octet,
 * attached messages and what OpenPGP signed in it, too. Only for content of which is known that nobody on the way changed it.
 *
 * @param source a MIME entity, lines ended by CRLF or LF.
 * @throws UnneutralisableError where it has more parts, or a longer header, than mail has; what the source throws.
 */
export async function* withoutLegacyDisplay(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, void> {
  let part: Part | null = null;
  for await (const chunk of splitParts(source, 'whole')) {
    if (chunk.type === 'body' && part !== null) {
      part.chunks.push(chunk.value);
      part.size += chunk.value.length;
      if (part.size <= LONGEST) continue;
      yield* asItIs(part);
      part = null;
      continue;
    }
    if (part !== null) yield* await shortened(part);
    part = null;
    if (chunk.type === 'node' && saysElement(chunk)) part = { node: chunk, chunks: [], size: 0 };
    else yield chunk.type === 'node' ? chunk.getHeaders() : chunk.value;
  }
  if (part !== null) yield* await shortened(part);
}

interface Part {
  node: MimeNode;
  chunks: Buffer[];
  size: number;
}

function saysElement(node: MimeNode): boolean {
  const isText = node.contentType === 'text/plain' || node.contentType === 'text/html';
  if (!isText || node.multipart !== false || OTHER_THAN_ASCII.test(node.charset || '')) return false;
  const types = contentTypesOf(node);
  return types.length === 1 && types.some((line) => PARAMETER.test(line)) && !isSigned(node);
}

const contentTypesOf = ({ headers }: MimeNode): string[] =>
  headers === false
    ? []
    : headers
        .getList()
        .filter(({ key }) => key === 'content-type')
        .map(({ line }) => line);

function isSigned(node: MimeNode): boolean {
  for (let each: MimeNode | false = node.parentNode; each !== false; each = each.parentNode)
    if (each.contentType === 'multipart/signed') return true;
  return false;
}

const asItIs = ({ node, chunks }: Part): Buffer[] => [node.getHeaders(), ...chunks];

async function shortened(part: Part): Promise<Buffer[]> {
  const { node, chunks } = part;
  const text = (await decoded(node, chunks)).toString('latin1');
  const left = node.contentType === 'text/html' ? withoutDiv(text) : withoutLines(text);
  if (left === null || node.headers === false) return asItIs(part);
  const type = contentTypesOf(node).map((line) => line.replace(PARAMETER, ''));
  for (const name of ['Content-Type', 'Content-Transfer-Encoding']) node.headers.remove(name);
  for (const line of type) node.headers.addFormatted('Content-Type', line, Infinity);
  node.headers.add('Content-Transfer-Encoding', 'base64', Infinity);
  const base64 = Buffer.from(left, 'latin1').toString('base64');
  return [node.getHeaders(), Buffer.from(`${base64.replace(/.{76}(?=.)/g, '$&\r\n')}\r\n`)];
}

/** Null where no line is empty. */
function withoutLines(text: string): string | null {
  const empty = /(?:^|\n)\r?\n/.exec(text);
  return empty === null ? null : text.slice(empty.index + empty[0].length);
}

/** Null where there is no such element, or no end of it. */
function withoutDiv(text: string): string | null {
  let start = -1;
  let depth = 0;
  for (const { index, 0: tag, 1: slash, 2: attributes = '' } of text.matchAll(DIV)) {
    if (start < 0 && (slash === '/' || !IS_ELEMENT.test(attributes))) continue;
    if (start < 0) start = index;
    depth += slash === '/' ? -1 : 1;
    if (depth === 0) return text.slice(0, start) + text.slice(index + tag.length);
  }
  return null;
}
