// SPDX-License-Identifier: Apache-2.0
import { boxOf, inUnicode, piecesIn } from '@securemail/mime';
import { Parser } from 'htmlparser2';
import { PAGE, shownElement, STYLES, type Within } from './shown-element.ts';

// It requires htmlparser2: where both are loaded at the same time, that closes a circle.
const { default: sanitizeHtml } = await import('sanitize-html');

const SHOWN: ReadonlySet<string> = new Set([
  ...sanitizeHtml.defaults.allowedTags.filter((tag) => !['main', 'nav', 'header', 'footer'].includes(tag)),
  ...['img', 'center', 'font', 'del', 'ins'],
]);

/** Characters; browsers and servers take no longer ones. */
const LONGEST_ADDRESS = 8_000;
/** The sanitizer takes comments out of an address one by one, and copies all of it for each: in none of a mail is one. */
const isAddress = (href: string): boolean =>
  href.length <= LONGEST_ADDRESS && /^(https?|mailto|tel):[^<>]*$/i.test(href);

/** Shown behind each link, for a finger can't hover: the host, or whom it writes to or calls. */
export const LEADS_TO = 'data-leads-to';
const LONGEST_SHOWN = 100;

/** Null: it is no address that a browser would follow. A host stands in A-labels, which look like no other's. */
function leadsTo(href: string): string | null {
  const url = URL.parse(href);
  if (url === null) return null;
  const to = url.host === '' ? url.pathname : url.host;
  // Whose a host is says its end.
  return to.length <= LONGEST_SHOWN ? to : `…${to.slice(-LONGEST_SHOWN)}`;
}

/** UTF-16 units: what is longer is not shown, but its words. */
const LONGEST_HTML = 2 * 1024 * 1024;

/** Whether it can be made readable in the time of a page: it is not too long, has not too many pieces, and ends somewhere. */
export const canBeShown = (html: string): boolean => html.length <= LONGEST_HTML && piecesIn(html) !== null;

/**
 * The first of the layers between the HTML of a mail and its reader: the markup of text, tables, links and pictures of the
 * mail itself. No script, no form, nothing that is fetched from anywhere by being shown.
 *
 * @param html that can be shown.
 * @param pictureOf a picture of the mail by its Content-ID, as a `data:` URL; null: it is not shown.
 */
export function readableHtml(html: string, pictureOf: (contentId: string) => string | null): string {
  const elements: Within[] = [PAGE];
  const around = () => elements.at(-1) ?? PAGE;
  return sanitizeHtml(html, {
    // Whatever becomes of an element: of each that begins it is told once more where it ends.
    onOpenTag: () => elements.push(around()),
    onCloseTag: () => elements.pop(),
    allowedTags: [...SHOWN],
    allowedAttributes: {
      '*': ['dir', 'lang', 'style'],
      a: ['href', 'title', 'rel', 'target', LEADS_TO],
      img: ['src', 'alt', 'width', 'height'],
      td: ['colspan', 'rowspan', 'align', 'valign', 'width'],
      th: ['colspan', 'rowspan', 'align', 'valign', 'width', 'scope'],
      table: ['width', 'border', 'cellpadding', 'cellspacing'],
      ol: ['start', 'reversed'],
      li: ['value'],
    },
    allowedStyles: { '*': STYLES },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    nestingLimit: 100,
    // No program shows what is in a frame; the sanitizer would go through it once more.
    nonTextTags: ['script', 'style', 'textarea', 'option', 'xmp', 'iframe'],
    transformTags: {
      '*': (tagName, attribs) => {
        const { within, ...shown } = shownElement(tagName, attribs, around(), SHOWN.has(tagName));
        elements[elements.length - 1] = within;
        return shown;
      },
      strike: 's',
      input: (tagName, { type, checked }) => {
        const box = boxOf(type, checked !== undefined);
        return box === null ? { tagName, attribs: {} } : { tagName: 'span', attribs: {}, text: box };
      },
      // Its target is seen before it is followed, and whoever is behind it does not learn from where.
      a: (tagName, { href = '', title: _, rel: __, target: ___, [LEADS_TO]: ____, ...attribs }) => {
        const to = isAddress(href) ? leadsTo(href) : null;
        if (to === null) return { tagName, attribs };
        const shown = { title: href, [LEADS_TO]: to };
        return {
          tagName,
          attribs: { href, ...shown, rel: 'noopener noreferrer nofollow', target: '_blank', ...attribs },
        };
      },
      img: (tagName, { src = '', ...attribs }) => {
        const contentId = contentIdIn(src);
        const picture = contentId === null ? null : pictureOf(contentId);
        if (picture !== null) return { tagName, attribs: { ...attribs, src: picture } };
        // A picture from elsewhere leaves its words. No `exclusiveFilter`: it copies all that there is so far for each.
        return attribs['alt'] ? { tagName, attribs } : { tagName: 'not-shown', attribs: {} };
      },
    },
    textFilter: (text) => {
      const { font } = around();
      // Escaped, as it stands here.
      return font === null
        ? text
        : text.replaceAll(/&[a-z]+;|[^&]+/g, (piece) =>
            piece.startsWith('&') ? piece : inUnicode(piece, font),
          );
    },
  });
}

/** The Content-ID that a picture is called by, decoded (RFC 2392 §2); null: it is none of the mail. */
function contentIdIn(src: string): string | null {
  const [, contentId] = /^cid:(.+)$/i.exec(src) ?? [];
  if (contentId === undefined) return null;
  try {
    return decodeURIComponent(contentId);
  } catch {
    return contentId;
  }
}

/** Content-IDs that HTML which can be shown has pictures by, as often and in the order in which it does. */
export function picturesIn(html: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag(name, { src = '' }) {
      const contentId = name === 'img' ? contentIdIn(src) : null;
      if (contentId !== null) found.push(contentId);
    },
  });
  parser.end(html);
  return found;
}
