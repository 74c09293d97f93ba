// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { escapeHtml } from '@securemail/mime';

export interface Paragraphs {
  notes: readonly { title: string; text: string }[];
  /** A link has an address and words for it. */
  rows: readonly { about: string; text: string; link?: { url: string; label: string } | null }[];
  end: readonly string[];
}

/** The same words as text and as HTML: a table with row headings for those who listen, and nothing from elsewhere. */
export function page(
  language: Language,
  headline: string,
  { notes, rows, end }: Paragraphs,
): { text: string; html: string } {
  const blocks = [
    headline,
    ...notes.map(({ title, text }) => `${title}\n  ${text}`),
    ...rows.map(({ about, text, link = null }) =>
      [about, `  ${text}`, ...(link === null ? [] : [`  ${link.label}: ${link.url}`])].join('\n'),
    ),
    ...end,
  ];
  const noted = notes.map(
    ({ title, text }) => `<p><strong>${escapeHtml(title)}</strong><br>${escapeHtml(text)}</p>`,
  );
  const listed = rows.map(
    ({ about, text, link = null }) =>
      `<tr><th scope="row" align="left" valign="top">${escapeHtml(about)}</th><td>${escapeHtml(text)}${linked(link)}</td></tr>`,
  );
  return {
    text: `${blocks.join('\n\n')}\n`,
    html: [
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(headline)}</title></head>`,
      `<body><h1 style="font-size:1.2em">${escapeHtml(headline)}</h1>${noted.join('')}`,
      `<table cellpadding="6">${listed.join('')}</table>`,
      `${end.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</body></html>`,
    ].join(''),
  };
}

const linked = (link: { url: string; label: string } | null): string =>
  link === null ? '' : `<br><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a>`;
