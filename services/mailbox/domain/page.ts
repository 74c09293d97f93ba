// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { escapeHtml } from '@securemail/mime';

/** What stands out between the paragraphs: the one thing that the mail is for. */
export type Centre = { link: string; label: string } | { code: string };

interface Paragraphs {
  before: readonly string[];
  centre?: Centre | null;
  after: readonly string[];
}

/** The same words as text and as HTML, with nothing from elsewhere: no picture, no style sheet, and only the one link. */
export function page(
  language: Language,
  title: string,
  { before, centre = null, after }: Paragraphs,
): { text: string; html: string } {
  const shown = centre === null ? null : shownIn(centre);
  return {
    text: `${[...before, ...(shown === null ? [] : [`  ${shown.text}`]), ...after].join('\n\n')}\n`,
    html: [
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>`,
      ...before.map(paragraph),
      shown === null ? '' : `<p>${shown.html}</p>`,
      ...after.map(paragraph),
      '</body></html>',
    ].join(''),
  };
}

const shownIn = (centre: Centre): { text: string; html: string } =>
  'link' in centre
    ? { text: centre.link, html: `<a href="${escapeHtml(centre.link)}">${escapeHtml(centre.label)}</a>` }
    : {
        text: centre.code,
        html: `<strong style="font-size:1.5em;letter-spacing:.2em">${escapeHtml(centre.code)}</strong>`,
      };

const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
