// SPDX-License-Identifier: Apache-2.0
export { authenticate, createApiKey, maySendAs, type Principal } from './api-keys.ts';
export { answerClientErrors } from './http/client-errors.ts';
export { closeWithin, GRACE_MS } from './http/close-within.ts';
export { faultsOf } from './http/faults-of.ts';
export { requirePrincipal } from './http/bearer.ts';
export { jsonSchema, openApiDocument, problemAnswers, type OpenApiPart } from './http/openapi.ts';
export { openApiPages } from './http/openapi-pages.ts';
export { Problem } from './http/problem.ts';
export { ProblemFilter, problemOf } from './http/problem-filter.ts';
export { PROBLEMS, type ProblemSlug, type ProblemType } from './http/problems.ts';
export { renderProblem } from './http/render-problem.ts';
export { startOnPlatform, type Platform } from './platform.ts';
export { runService, whyNot } from './run-service.ts';
export { startService, type Closable, type RunningService, type ServiceParts } from './service.ts';
export * from './settings/platform.ts';
export * from './settings/tenant.ts';
export { toldToStop } from './told-to-stop.ts';
export { PLATFORM } from './tokens.ts';
