// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import iconv from 'iconv-lite';
import sanitizeHtml from 'sanitize-html';
import { decoded } from './decoded.ts';
import { splitParts } from './split-parts.ts';

/** Of one text; what is longer is replaced by the notice alone. */
const LONGEST_HTML = 8 * 1024 * 1024;
const HTML = new Set(['text/html', 'application/xhtml+xml', 'text/x-html']);
/** What programs show, and what may do more than be shown; as plain octets it is only saved. */
const ACTIVE =
  /^(image\/svg|(text|application)\/((x-)?javascript|ecmascript|xml|rtf|enriched)|message\/external-body)|\+xml$|^application\/vnd\.ms-.*macroenabled/;

/** Where one stands twice, programs differ on which counts: the first does, as it is what was looked at. */
const DECISIVE = ['Content-Type', 'Content-Transfer-Encoding', 'Content-Disposition'];

/** Markup of text, and pictures that lie in the mail itself; nothing that has an address elsewhere, or a style. */
const HARMLESS: sanitizeHtml.IOptions = {
  allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'center', 'font', 'del', 'ins'].filter(
    (tag) => tag !== 'a',
  ),
  allowedAttributes: {
    '*': ['dir', 'lang', 'title'],
    img: ['src', 'alt', 'width', 'height'],
    td: ['colspan', 'rowspan'],
  },
  allowedSchemes: ['cid'],
  allowProtocolRelative: false,
};

export interface Neutralising {
  /** Stands before each text that was changed; plain text. */
  notice: string;
}

/**
 * Takes out of a message what may act when it is shown: of HTML everything but markup of text and pictures within the
 * mail, no style, no link, no script; other types that a program might run or fetch become plain octets. For content of
 * which nobody knows whether somebody on the way has put it in (EFAIL, https://efail.de).
 *
 * Holds one HTML part at a time. Bytes that are not touched stay as they are.
 *
 * @param source a message or a MIME entity, CRLF lines.
 * @throws UnneutralisableError where it has more parts, or a longer header, than mail has; what the source throws.
 */
export async function* neutralised(
  source: AsyncIterable<Uint8Array>,
  { notice }: Neutralising,
): AsyncGenerator<Buffer, void, void> {
  let html: { node: MimeNode; chunks: Buffer[]; size: number } | null = null;
  for await (const chunk of splitParts(source)) {
    if (html !== null && chunk.type === 'body') {
      html.size += chunk.value.length;
      if (html.size <= LONGEST_HTML) html.chunks.push(chunk.value);
      continue;
    }
    if (html !== null) {
      yield* harmless(html, notice);
      html = null;
    }
    if (chunk.type !== 'node') {
      yield chunk.value;
      continue;
    }
    DECISIVE.forEach((name) => {
      keepFirst(chunk, name);
    });
    const acts = howItActs(chunk);
    if (acts === 'html') html = { node: chunk, chunks: [], size: 0 };
    else {
      if (acts === 'other') replaceField(chunk, 'Content-Type', 'application/octet-stream');
      yield chunk.getHeaders();
    }
  }
  if (html !== null) yield* harmless(html, notice);
}

/** What there is in a message for `neutralised` to change; with `none-in-html` it stands nowhere that it was. */
export async function activeParts(
  source: AsyncIterable<Uint8Array>,
): Promise<'none' | 'none-in-html' | 'in-html'> {
  let found: 'none' | 'none-in-html' | 'in-html' = 'none';
  for await (const chunk of splitParts(source)) {
    const acts = chunk.type === 'node' ? howItActs(chunk) : null;
    if (acts === 'html') found = 'in-html';
    else if (acts === 'other' && found === 'none') found = 'none-in-html';
  }
  return found;
}

function howItActs(node: MimeNode): 'html' | 'other' | null {
  const type = (node.contentType || 'text/plain').toLowerCase();
  if (node.multipart === false && HTML.has(type)) return 'html';
  return ACTIVE.test(type) ? 'other' : null;
}

async function* harmless(
  { node, chunks, size }: { node: MimeNode; chunks: readonly Buffer[]; size: number },
  notice: string,
): AsyncGenerator<Buffer, void, void> {
  const text = size > LONGEST_HTML ? '' : textOf(await decoded(node, chunks), node.charset || 'utf-8');
  const shown = `<p><b>${sanitizeHtml(notice, { allowedTags: [], disallowedTagsMode: 'recursiveEscape' })}</b></p>\r\n`;
  replaceField(node, 'Content-Type', 'text/html; charset=utf-8');
  replaceField(node, 'Content-Transfer-Encoding', 'base64');
  yield node.getHeaders();
  const base64 = Buffer.from(shown + sanitizeHtml(text, HARMLESS)).toString('base64');
  yield Buffer.from(`${base64.replace(/.{76}(?=.)/g, '$&\r\n')}\r\n`);
}

const textOf = (bytes: Buffer, charset: string) =>
  iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'latin1');

function replaceField(node: MimeNode, name: string, value: string): void {
  if (node.headers === false) return;
  node.headers.remove(name);
  node.headers.add(name, value, Infinity);
}

function keepFirst(node: MimeNode, name: string): void {
  if (node.headers === false || node.headers.get(name).length < 2) return;
  replaceField(node, name, node.headers.getFirst(name));
}
