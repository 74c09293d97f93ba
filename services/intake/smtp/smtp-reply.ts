// SPDX-License-Identifier: Apache-2.0
import { PROBLEMS, problemOf, type Problem, type ProblemType } from '@securemail/service';
import { GuardProblem } from '../refusal-problem.ts';
import { inAscii } from './ascii.ts';

/** What smtp-server answers with when it is given such an error. */
export class SmtpReplyError extends Error {
  override name = 'SmtpReplyError';

  constructor(
    readonly responseCode: number,
    text: string,
  ) {
    super(text);
  }
}

/**
 * Any error as an SMTP reply (RFC 5321 §4.2) with its enhanced code (RFC 3463), a line for each guard that refuses. What
 * we can't name is for later: 451.
 */
export function smtpReplyOf(error: unknown): SmtpReplyError {
  if (error instanceof SmtpReplyError) return error;
  const problem: Problem = problemOf(error);
  const { smtp = { code: 451, enhancedCode: '4.3.0' } }: ProblemType = PROBLEMS[problem.slug];
  const reasons =
    problem instanceof GuardProblem
      ? problem.refusing.map(({ guard, title, text }) => `${inAscii(`${title}: ${text}`)} [${guard}]`)
      : [`${inAscii(`${problem.message}: ${problem.detail}`)} [${problem.slug}]`];
  return new SmtpReplyError(smtp.code, `${smtp.enhancedCode} ${reasons.join('\n')}`);
}
