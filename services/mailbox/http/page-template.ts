// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/** What goes into a page: markup that is safe as it is, but for `told`. */
export interface Filling {
  language: string;
  title: string;
  html: string;
  /** What is said where its script does not come, and where none runs. */
  late: string;
  noScript: string;
  /** Of the organisation; null: ours. */
  colours: { accent: string; banner: string; onBanner: string } | null;
  /** What the page's script would have asked for; null: it asks. */
  told: unknown;
}

export interface Filled {
  html: string;
  /** Content-Security-Policy. */
  policy: string;
}

/** Only what is ours runs, looks and loads; the frame of a mail has a stricter policy of its own. */
const policyOf = (scripts: readonly string[], styles: readonly string[]): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
/** Of what comes from no page. */
export const BARE_POLICY = policyOf([], []);

const digestOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const digestsIn = (html: string, element: 'script' | 'style'): string[] =>
  [...html.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map(([, text = '']) =>
    digestOf(text),
  );

const ROOT = /(<div id="root">).*?(<\/div>)/s;
const NO_SCRIPT = '<noscript></noscript>';
const LATE = 'data-late=""';
const TITLE = /<title>[^<]*<\/title>/;
const LANGUAGE = /<html lang="[a-z]*">/;
const WORDS = /<link rel="later"[^>]* data-words="([a-z]+)">/g;

/**
 * Takes what the build of apps/mailbox-web makes (`index.html`), and gives pages. What stands in that is allowed by its digest,
 * and nothing else that somebody might bring in: the digests are those of the file, not of what is sent.
 */
export function pageTemplate(built: string): (filling: Filling) => Filled {
  const [scripts, styles] = [digestsIn(built, 'script'), digestsIn(built, 'style')];
  return ({ language, title, html, late, noScript, colours, told }) => {
    const look =
      colours === null
        ? null
        : `:root{--accent:${colours.accent};--banner:${colours.banner};--on-banner:${colours.onBanner}}`;
    const data = told === null ? '' : `<script type="application/json" id="told">${asData(told)}</script>`;
    return {
      html: built
        .replace(LANGUAGE, `<html lang="${language}">`)
        .replace(WORDS, (link, of) => (of === language ? link : ''))
        .replace(TITLE, () => `<title>${title}</title>`)
        .replace('<!--head-->', look === null ? '' : `<style>${look}</style>`)
        .replace(NO_SCRIPT, () => `<noscript>${noScript}</noscript>`)
        .replace(LATE, () => `data-late="${late}"`)
        .replace(ROOT, (_, begin: string, end: string) => begin + html + end)
        .replace('<!--told-->', () => data),
      policy: policyOf(scripts, look === null ? styles : [...styles, digestOf(look)]),
    };
  };
}

/** JSON that ends no element and begins none (HTML §4.12.1.3). */
const asData = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
