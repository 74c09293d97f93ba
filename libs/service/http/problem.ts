// SPDX-License-Identifier: Apache-2.0
import { PROBLEMS, type ProblemSlug, type ProblemType } from './problems.ts';

/** An answer that refuses: RFC 9457 problem details, with a page under /errors that explains it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(
    readonly slug: ProblemSlug,
    /** What is wrong with this very request; may repeat what the caller sent, so it is never logged. */
    readonly detail: string,
    readonly extensions: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(PROBLEMS[slug].title);
    const { status, retryAfter }: ProblemType = PROBLEMS[slug];
    this.status = status;
    this.headers = retryAfter === undefined ? headers : { 'Retry-After': String(retryAfter), ...headers };
  }

  toJSON(): Record<string, unknown> {
    return {
      type: `/errors/${this.slug}`,
      title: this.message,
      status: this.status,
      detail: this.detail,
      ...this.extensions,
    };
  }
}
