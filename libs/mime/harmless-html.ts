// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import type { MimeNode } from '@zone-eu/mailsplit';
import type { IOptions } from 'sanitize-html';
import { decoded } from './decoded.ts';
import { escapeHtml } from './escape-html.ts';
import { htmlAsText } from './html-as-text.ts';
import { decodedHtml } from './html-charset.ts';
import { MOST_PIECES, piecesIn } from './html-pieces.ts';

// It requires htmlparser2: where both are loaded at the same time, that closes a circle.
const { default: sanitizeHtml } = await import('sanitize-html');

/**
 * RFC 2392. The sanitizer takes comments out of an address one by one, and copies all of it for each.
 */
const isContentId = (address: string) => address.length <= 1_000 && /^cid:[^<>]+$/i.test(address);

/** Markup of text, and pictures that lie in the mail itself; nothing that has an address elsewhere, or a style. */
const HARMLESS: IOptions = {
  allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'center', 'font', 'del', 'ins', 'strike'].filter(
    (tag) => tag !== 'a',
  ),
  allowedAttributes: {
    '*': ['dir', 'lang', 'title'],
    img: ['src', 'alt', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    // What a text points at by its number.
    ol: ['start', 'type', 'reversed'],
    li: ['value'],
  },
  allowedSchemes: ['cid'],
  allowProtocolRelative: false,
  // No program shows what is in a frame; the sanitizer would go through it once more.
  nonTextTags: ['script', 'style', 'textarea', 'option', 'xmp', 'iframe'],
  transformTags: {
    // One without a scheme has its address from what stands around it. No `exclusiveFilter`: it copies all that there is
    // so far for each picture.
    img: (tagName, attribs) =>
      isContentId(attribs['src'] ?? '') ? { tagName, attribs } : { tagName: 'not-shown', attribs: {} },
  },
};

/** What the HTML of a mail may take together; honest mail needs less. */
export interface HtmlBudget {
  octets: number;
  pieces: number;
}

export const htmlBudget = (): HtmlBudget => ({ octets: 8 * 1024 * 1024, pieces: MOST_PIECES });

export interface HtmlNotices {
  /** Stands before each text that was changed; plain text. */
  notice: string;
  /** Stands behind it where of HTML that is too much to be made harmless only words are left; plain text. */
  asText: string;
}

/**
 * The text of an HTML part behind a notice, without what may act in it; base64 in lines that end with CRLF, of UTF-8.
 *
 * @param budget what is left for this part and those behind it. What is beyond is text alone, as far as it was taken.
 */
export async function harmlessHtml(
  node: MimeNode,
  content: AsyncIterable<Buffer>,
  { notice, asText }: HtmlNotices,
  budget: HtmlBudget,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let isWhole = true;
  for await (const chunk of content) {
    if (chunk.length > budget.octets) isWhole = false;
    chunks.push(chunk.subarray(0, budget.octets));
    budget.octets -= chunks.at(-1)?.length ?? 0;
  }
  // One part takes no pause.
  await setImmediate();
  const html = decodedHtml(await decoded(node, chunks), node.charset || '');
  const pieces = isWhole ? piecesIn(html, budget.pieces) : null;
  budget.pieces -= pieces ?? 0;
  const shown =
    pieces === null
      ? `${paragraph(asText)}<pre>${escapeHtml(htmlAsText(html, { addresses: false }))}</pre>`
      : sanitizeHtml(html, HARMLESS);
  const base64 = Buffer.from(`${paragraph(notice)}${shown}`).toString('base64');
  return Buffer.from(`${base64.replace(/.{76}(?=.)/g, '$&\r\n')}\r\n`);
}

const paragraph = (text: string) => `<p><b>${escapeHtml(text)}</b></p>\r\n`;
