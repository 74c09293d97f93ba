// SPDX-License-Identifier: Apache-2.0
export { authenticate, createApiKey, maySendAs, type Principal } from './api-keys.ts';
export { authoritiesIn, readAuthorities } from './files/authorities.ts';
export { watchOwnCertificates, type CertificatePair, type OwnCertificate } from './files/own-certificates.ts';
export { rereadFiles, type Looking, type RereadFiles } from './files/reread-file.ts';
export { readExchangeLists, type ForwardingDirectory } from './forwarding.ts';
export { answerClientErrors } from './http/client-errors.ts';
export { clientNetwork } from './http/client-network.ts';
export { closeWithin, GRACE_MS } from './http/close-within.ts';
export { isSameSite } from './http/same-site.ts';
export { limitSlowBodies } from './http/slow-bodies.ts';
export { cursorOf, cursorTime, readCursor } from './http/cursor.ts';
export { readQuery } from './http/read-query.ts';
export { wholeBody } from './http/whole-body.ts';
export { jsonBody } from './http/json-body.ts';
export { faultsOf } from './http/faults-of.ts';
export { requireOwnName, requirePrincipal } from './http/bearer.ts';
export { deadLettersApi, type DeadLetterView } from './http/dead-letters.openapi.ts';
export { noteListShown } from './http/list-shown.ts';
export { keyIdOfSession, PERSON_TOKEN_SECONDS, personToken, sessionIn } from './http/person-tokens.ts';
export {
  BODY_PROBLEMS,
  jsonSchema,
  openApiDocument,
  parametersOf,
  problemAnswers,
  type OpenApiPart,
} from './http/openapi.ts';
export { openApiPages } from './http/openapi-pages.ts';
export { Problem } from './http/problem.ts';
export { ProblemFilter, problemOf } from './http/problem-filter.ts';
export { PROBLEMS, type ProblemSlug, type ProblemType } from './http/problems.ts';
export { renderProblem } from './http/render-problem.ts';
export { openMailboxDirectory, type MailboxDirectory } from './own-servers/mailbox-lists.ts';
export type { ServerTakes } from './own-servers/call-ahead.ts';
export { ownMailboxes, type OwnMailboxes } from './own-servers/own-mailboxes.ts';
export {
  listedRouteOf,
  ownRouteOf,
  ownServersOf,
  type MailboxLists,
  type OwnServers,
} from './own-servers/own-route.ts';
export { openOutside, tlsTo, type Outside } from './outside.ts';
export { openReadable, type Readable } from './open-readable.ts';
export { startOnPlatform, type Platform } from './platform.ts';
export { openPolicies, personOf, type Policies } from './policies.ts';
export { runService, whyNot } from './run-service.ts';
export { startService, type Closable, type RunningService, type ServiceParts } from './service.ts';
export { Proof, SENSITIVITIES, type Demands } from './settings/demands.ts';
export { DkimSettings } from './settings/dkim.ts';
export { Domain } from './settings/domain.ts';
export { ConsoleSettings, type ConsoleOfTenant } from './settings/console.ts';
export { impossible } from './settings/impossible.ts';
export { asPlainLine, label, plainLine } from './settings/label.ts';
export { coloursOf, type Look } from './settings/look.ts';
export * from './settings/outside.ts';
export * from './settings/platform.ts';
export * from './settings/policy.ts';
export { GENERAL, strangeContacts, type Contact } from './settings/contacts.ts';
export type { SecondChannelOfTenant } from './settings/second-channel.ts';
export * from './settings/tenant.ts';
export { toldToStop } from './told-to-stop.ts';
export { tenantKeys } from './tenant-keys.ts';
export { PLATFORM } from './tokens.ts';
