// SPDX-License-Identifier: Apache-2.0
import { PROBLEMS, type ProblemSlug, type ProblemType } from './problems.ts';

/** A page of docs/errors/, in Markdown. */
export function renderProblem(slug: ProblemSlug): string {
  const { title, status, smtp, what, remedy }: ProblemType = PROBLEMS[slug];
  const smtpText = smtp === undefined ? '' : ` · SMTP ${smtp.code} ${smtp.enhancedCode}`;
  return `# ${title}\n\n\`${slug}\` · HTTP ${status}${smtpText}\n\n${what}\n\n**What to do.** ${remedy}\n`;
}
