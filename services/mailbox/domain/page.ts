// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { escapeHtml } from '@securemail/mime';

/** What stands out between the paragraphs: the one thing that the mail is for. */
export type Centre = { link: string; label: string } | { code: string };

/** The same words as text and as HTML, with nothing from elsewhere: no picture, no style sheet, and only the one link. */
export function page(
  language: Language,
  title: string,
  { before, centre, after }: { before: readonly string[]; centre: Centre; after: readonly string[] },
): { text: string; html: string } {
  const isLink = 'link' in centre;
  const shown = isLink
    ? `<a href="${escapeHtml(centre.link)}">${escapeHtml(centre.label)}</a>`
    : `<strong style="font-size:1.5em;letter-spacing:.2em">${escapeHtml(centre.code)}</strong>`;
  return {
    text: `${[...before, `  ${isLink ? centre.link : centre.code}`, ...after].join('\n\n')}\n`,
    html: [
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>`,
      ...before.map(paragraph),
      `<p>${shown}</p>`,
      ...after.map(paragraph),
      '</body></html>',
    ].join(''),
  };
}

const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
