// SPDX-License-Identifier: Apache-2.0
import sanitizeHtml from 'sanitize-html';

const LENGTH = /^\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%)$/i;
const COLOUR = /^(#[0-9a-f]{3,8}|rgba?\([\d\s.,%]{1,40}\)|[a-z]{3,20})$/i;
const WORD = /^[a-z-]{1,20}$/i;

/** Nothing that has an address, moves out of its place, or makes something unseen. */
const STYLES: Record<string, RegExp[]> = {
  color: [COLOUR],
  'background-color': [COLOUR],
  'font-weight': [/^([1-9]00|bold|normal|bolder|lighter)$/i],
  'font-style': [WORD],
  'text-align': [WORD],
  'text-decoration': [WORD],
  'vertical-align': [WORD],
  width: [LENGTH],
  'border-collapse': [WORD],
};

/**
 * The first of the layers between the HTML of a mail and its reader: the markup of text, tables, links and pictures of the
 * mail itself. No script, no form, nothing that is fetched from anywhere by being shown.
 *
 * @param pictureOf a picture of the mail by its Content-ID, as a `data:` URL; null: it is not shown.
 */
export const readableHtml = (html: string, pictureOf: (contentId: string) => string | null): string =>
  sanitizeHtml(html, {
    allowedTags: [
      ...sanitizeHtml.defaults.allowedTags.filter(
        (tag) => !['main', 'nav', 'header', 'footer'].includes(tag),
      ),
      'img',
      'center',
      'font',
      'del',
      'ins',
    ],
    allowedAttributes: {
      '*': ['dir', 'lang', 'style'],
      a: ['href', 'title', 'rel', 'target'],
      img: ['src', 'alt', 'width', 'height'],
      td: ['colspan', 'rowspan', 'align', 'valign', 'width', 'bgcolor'],
      th: ['colspan', 'rowspan', 'align', 'valign', 'width', 'scope', 'bgcolor'],
      table: ['width', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
      font: ['color'],
    },
    allowedStyles: { '*': STYLES },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    nestingLimit: 100,
    transformTags: {
      // Its target is seen before it is followed, and whoever is behind it does not learn from where.
      // Its target is seen before it is followed, and whoever is behind it does not learn from where.
      a: (tagName, { href = '', title: _, rel: __, target: ___, ...attribs }) => ({
        tagName,
        attribs: /^(https?|mailto|tel):/i.test(href)
          ? { href, title: href, rel: 'noopener noreferrer nofollow', target: '_blank', ...attribs }
          : attribs,
      }),
      img: (tagName, { src = '', ...attribs }) => {
        const [, contentId] = /^cid:(.+)$/i.exec(src) ?? [];
        const picture = contentId === undefined ? null : pictureOf(contentId);
        return { tagName, attribs: picture === null ? attribs : { ...attribs, src: picture } };
      },
    },
    // A picture from elsewhere leaves its words.
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined && !attribs['alt'],
  });
