// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import iconv from 'iconv-lite';
import sanitizeHtml from 'sanitize-html';
import { decoded } from './decoded.ts';

/** Of one text; what is longer is replaced by the notice alone. */
const LONGEST_HTML = 8 * 1024 * 1024;

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
  // One without a scheme has its address from what stands around it.
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !/^cid:/i.test(attribs['src'] ?? ''),
};

/** The text of an HTML part behind a notice, without what may act in it; base64 in lines that end with CRLF, of UTF-8. */
export async function harmlessHtml(
  node: MimeNode,
  content: AsyncIterable<Buffer>,
  notice: string,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size <= LONGEST_HTML) chunks.push(chunk);
  }
  const text = size > LONGEST_HTML ? '' : textOf(await decoded(node, chunks), node.charset || 'utf-8');
  const shown = `<p><b>${sanitizeHtml(notice, { allowedTags: [], disallowedTagsMode: 'recursiveEscape' })}</b></p>\r\n`;
  const base64 = Buffer.from(shown + sanitizeHtml(text, HARMLESS)).toString('base64');
  return Buffer.from(`${base64.replace(/.{76}(?=.)/g, '$&\r\n')}\r\n`);
}

const textOf = (bytes: Buffer, charset: string) =>
  iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'latin1');
