// SPDX-License-Identifier: Apache-2.0
import { PROBLEMS, type ProblemSlug, type ProblemType } from './problems.ts';

/** A page of docs/errors/, in Markdown. */
export function renderProblem(slug: ProblemSlug): string {
  const { title, status, smtp, what, remedy }: ProblemType = PROBLEMS[slug];
  const smtpText = smtp === undefined ? '' : ` · SMTP ${smtp.code} ${smtp.enhancedCode}`;
  return `# ${title}\n\n\`${slug}\` · HTTP ${status}${smtpText}\n\n${what}\n\n**What to do.** ${remedy}\n`;
}

/** Every page of docs/errors/ by its file name, the index included. */
export function problemPages(): Map<string, string> {
  const slugs = Object.keys(PROBLEMS) as ProblemSlug[];
  const rows = slugs.map((slug) => {
    const { title, status, smtp }: ProblemType = PROBLEMS[slug];
    const smtpText = smtp === undefined ? '' : `${smtp.code} ${smtp.enhancedCode}`;
    return `| [\`${slug}\`](${slug}.md) | ${status} | ${smtpText} | ${title} |`;
  });
  const index = [
    '# Errors',
    '<!-- Written by `npm run docs` from libs/service/http/problems.ts. Do not edit. -->',
    'Every refusal over HTTP is problem details (RFC 9457) with a `type` of `/errors/<name>`; over SMTP the name stands in brackets at the end of the reply. A name never changes.',
    ['| name | HTTP | SMTP | |', '|---|---|---|---|', ...rows].join('\n'),
    '',
  ].join('\n\n');
  return new Map([
    ['README.md', index],
    ...slugs.map((slug): [string, string] => [`${slug}.md`, renderProblem(slug)]),
  ]);
}
