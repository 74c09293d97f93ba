// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Param } from '@nestjs/common';
import { Problem } from './problem.ts';
import { PROBLEMS, type ProblemSlug } from './problems.ts';
import { renderProblem } from './render-problem.ts';

const isSlug = (slug: string): slug is ProblemSlug => Object.hasOwn(PROBLEMS, slug);

/** The pages that a problem's `type` points to. */
@Controller('errors')
export class ErrorPagesController {
  @Get(':slug')
  @Header('Content-Type', 'text/markdown; charset=utf-8')
  page(@Param('slug') slug: string): string {
    if (!isSlug(slug)) throw new Problem('not-found', 'No error has that name.');
    return renderProblem(slug);
  }
}
