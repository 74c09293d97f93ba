// SPDX-License-Identifier: Apache-2.0
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@securemail/telemetry';
import type { Request, Response } from 'express';
import { reasonOf } from '@securemail/event-log';
import { isUnavailable } from '@securemail/event-store';
import { Problem } from './problem.ts';

/** Any error as the problem that the caller is told. Only our own problems say what happened in detail. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Nest's own refusals are about the address: no such route, or a path that is not percent-encoded UTF-8.
  if (error instanceof HttpException && error.getStatus() < 500) {
    return new Problem('not-found', 'No such path and method.');
  }
  if (isUnavailable(error))
    return new Problem('storage-unavailable', 'Nothing was accepted; please try again.');
  return new Problem('internal', 'The error was logged with the trace of this request.');
}

/** Of these statuses, somebody may be trying what he may not do. */
const REFUSED = new Set([401, 403, 429]);
const SIGN_INS = new Set([
  'wrong-code',
  'wrong-password',
  'passkey-refused',
  'sign-in-ended',
  'file-harmful',
  'file-unscannable',
]);
/** What everybody is told who comes to a page without being signed in. */
const EXPECTED = 'not-signed-in';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    // What is left of a refused body is read and forgotten: unread, it would cost the client our answer.
    if (!request.complete) request.resume();
    const problem = problemOf(error);
    if (problem.status >= 500)
      this.logger.error({ problem: problem.slug, reason: reasonOf(error) }, 'request failed');
    else if (isToBeNoted(problem))
      this.logger.warn(
        { problem: problem.slug, method: request.method, route: routeOf(request) },
        'request refused',
      );
    else if (problem.slug === 'incomplete-message')
      this.logger.info({ method: request.method, route: routeOf(request) }, 'request broken off');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  }
}

const isToBeNoted = ({ slug, status }: Problem): boolean =>
  slug !== EXPECTED && (REFUSED.has(status) || SIGN_INS.has(slug));

/** With the names of what varies in it: a path itself may name somebody. */
const routeOf = (request: Request): string | undefined =>
  (request.route as { path?: string } | undefined)?.path;
