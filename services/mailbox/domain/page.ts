// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { escapeHtml } from '@securemail/mime';

/** What stands out between the paragraphs: the one thing that the mail is for. */
export type Centre = { link: string; label: string } | { code: string };

/** What makes a mail recognisable as that of one organisation. */
export interface MailLook {
  name: string;
  /** `#rrggbb`; `onBanner` is that of the text on `banner`. */
  colours: { accent: string; banner: string; onBanner: string };
  /** Whom to ask, in its own words. */
  help: string | null;
}

interface Paragraphs {
  before: readonly string[];
  centre?: Centre | null;
  after: readonly string[];
}

/** The same words as text and as HTML, with nothing from elsewhere: no picture, no style sheet, and only the one link. */
export function page(
  language: Language,
  title: string,
  { name, colours, help }: MailLook,
  { before, centre = null, after }: Paragraphs,
): { text: string; html: string } {
  const end = help === null ? after : [...after, help];
  const shown = centre === null ? null : shownIn(centre, colours);
  const banner = `background:${colours.banner};color:${colours.onBanner};padding:16px;font:600 18px sans-serif;border-bottom:1px solid #6b7783`;
  return {
    text: `${[...before, ...(shown === null ? [] : [`  ${shown.text}`]), ...end].join('\n\n')}\n`,
    html: [
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
      `<body style="margin:0;background:#ffffff;color:#14202b"><div style="${banner}">${escapeHtml(name)}</div>`,
      '<div style="padding:0 16px;font:16px/1.5 sans-serif">',
      ...before.map(paragraph),
      shown === null ? '' : `<p>${shown.html}</p>`,
      ...end.map(paragraph),
      '</div></body></html>',
    ].join(''),
  };
}

function shownIn(centre: Centre, { accent }: MailLook['colours']): { text: string; html: string } {
  if ('code' in centre) {
    const { code } = centre;
    return {
      text: code,
      html: `<strong style="font-size:1.5em;letter-spacing:.2em">${escapeHtml(code)}</strong>`,
    };
  }
  const { link, label } = centre;
  const button = `display:inline-block;padding:10px 20px;border-radius:6px;background:${accent};color:#ffffff`;
  return {
    text: link,
    html: `<a href="${escapeHtml(link)}" style="${button}">${escapeHtml(label)}</a>`,
  };
}

const paragraph = (text: string) => `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;
