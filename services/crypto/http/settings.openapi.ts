// SPDX-License-Identifier: Apache-2.0
import {
  BODY_PROBLEMS,
  jsonSchema,
  parametersOf,
  Policy,
  PolicyLayer,
  problemAnswers,
  type OpenApiPart,
} from '@securemail/service';
import { z } from 'zod';
import { answer } from './openapi-parts.ts';
import { ChangeQuery, ChangeRequest, ChangesQuery, SettingsQuery } from './settings-requests.ts';

const Origin = z.object({
  layer: z.enum(['factory', 'file', 'tenant', 'domain', 'person']),
  of: z.string().nullable().describe('The domain or the address'),
  version: z.int().optional().describe('The change with which it came; none of the factory and the file'),
  at: z.iso.datetime().optional(),
  by: z.string().optional().describe('The name of the person who changed it'),
  keyId: z.string().nullable().optional().describe('The API key; null: changed on the gateway itself'),
  reason: z.string().optional(),
});
const Value = z.object({ value: z.unknown(), origin: Origin });
const Shown = z.object({
  scope: z.string().describe('`tenant`, `domains/<domain>` or `people/<address>`'),
  version: z.int().describe('Of all settings of the organisation; 0 before the first change'),
  settings: PolicyLayer.describe('What is set in this very place'),
  effective: Policy.describe('What holds here'),
  values: z
    .array(Value.extend({ path: z.string() }))
    .describe('Each value that holds, and where it comes from'),
});
const Changed = z.object({
  result: z.enum(['applied', 'dry-run', 'unchanged']),
  version: z.int().describe('After the change'),
  differences: z.array(
    z.object({ scope: z.string(), path: z.string(), from: Value.nullable(), to: Value.nullable() }),
  ),
  warnings: z
    .array(z.object({ contact: z.string(), warning: z.literal('forwards-outside'), text: z.string() }))
    .describe('Contacts for whom, as it is then, what is written in SecureMailBox is held'),
});
const History = z.object({
  changes: z.array(
    z.object({
      version: z.int(),
      at: z.iso.datetime(),
      by: z.string(),
      keyId: z.string().nullable(),
      reason: z.string(),
      changes: z.array(z.object({ scope: z.string(), settings: PolicyLayer.describe('As a merge patch') })),
    }),
  ),
  next: z.string().nullable(),
});

const ANY = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;
const ETAG = { ETag: { description: 'The version, quoted', schema: { type: 'string' } } };

const withEtag = (answers: ReturnType<typeof answer>) => ({ '200': { ...answers['200'], headers: ETAG } });

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });

const changing = (operationId: string, summary: string, names: string[]) => ({
  operationId,
  summary,
  parameters: [
    ...names.map(inPath),
    {
      name: 'If-Match',
      in: 'header',
      required: true,
      description: 'The version that was seen, quoted, as ETag says it',
      schema: { type: 'string', pattern: '^"[0-9]{1,9}"$' },
    },
    ...parametersOf(ChangeQuery),
  ],
  requestBody: {
    required: true,
    content: {
      'application/json': { schema: jsonSchema(ChangeRequest.extend({ settings: PolicyLayer }), 'input') },
    },
  },
  responses: {
    ...withEtag(answer('What changed, or would change', Changed)),
    ...problemAnswers(
      ...BODY_PROBLEMS,
      'settings-refused',
      'settings-changed',
      'settings-scope-not-found',
      ...ANY,
    ),
  },
});

const place = (of: string, whose: string, ...names: string[]) => ({
  put: changing(`replace${of}Settings`, `Set everything that is set for ${whose} anew`, names),
  patch: changing(
    `change${of}Settings`,
    `Change some of what is set for ${whose}; null: inherited again`,
    names,
  ),
});

export const settingsApi: OpenApiPart = {
  paths: {
    '/v1/admin/settings': {
      get: {
        operationId: 'showSettings',
        summary: 'What holds for the organisation, a domain or a person, and where each value comes from',
        parameters: parametersOf(SettingsQuery),
        responses: {
          ...withEtag(answer('The settings', Shown)),
          ...problemAnswers('invalid-request', 'settings-scope-not-found', ...ANY),
        },
      },
    },
    '/v1/admin/settings/tenant': place('Tenant', 'the organisation'),
    '/v1/admin/settings/domains/{domain}': place('Domain', 'a domain', 'domain'),
    '/v1/admin/settings/people/{person}': place('Person', 'a person', 'person'),
    '/v1/admin/settings/changes': {
      get: {
        operationId: 'listSettingsChanges',
        summary: 'Who changed what, when and why; newest first',
        parameters: parametersOf(ChangesQuery),
        responses: {
          ...answer('A page; `next` is the cursor of the following one, or null', History),
          ...problemAnswers('invalid-cursor', 'invalid-request', ...ANY),
        },
      },
    },
  },
};
