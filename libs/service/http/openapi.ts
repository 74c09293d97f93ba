// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { PROBLEMS, type ProblemSlug, type ProblemType } from './problems.ts';

type JsonObject = Record<string, unknown>;

/** What a service adds to the API: path items of OpenAPI 3.1, by path. */
export interface OpenApiPart {
  paths: Record<string, JsonObject>;
}

/** A schema as OpenAPI 3.1 (JSON Schema 2020-12) has it; `input`: what is sent, `output`: what is answered. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return rest;
}

/** The parameters of a query, from the schema by which it is read. */
export function parametersOf(schema: z.ZodType) {
  const { properties, required = [] } = jsonSchema(schema, 'input') as {
    properties: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: each,
  }));
}

const RETRY_AFTER = {
  description: 'Seconds until another try makes sense; not with every answer of this status',
  schema: { type: 'integer' },
};

/** What may be wrong with a body that is read by `jsonBody`. */
export const BODY_PROBLEMS = [
  'unsupported-media-type',
  'malformed-json',
  'invalid-request',
  'incomplete-message',
  'upload-too-large',
] as const satisfies ProblemSlug[];

/** Answers by status: problem details, each with the names it may have. */
export function problemAnswers(...slugs: ProblemSlug[]): JsonObject {
  const byStatus = Map.groupBy(slugs, (slug) => PROBLEMS[slug].status);
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      String(status),
      {
        description: names.map((name) => `\`${name}\`: ${(PROBLEMS[name] as ProblemType).title}`).join('; '),
        ...(names.some((name) => (PROBLEMS[name] as ProblemType).retryAfter !== undefined)
          ? { headers: { 'Retry-After': RETRY_AFTER } }
          : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Problem details (RFC 9457)',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', enum: Object.keys(PROBLEMS).map((slug) => `/errors/${slug}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/** The API of these services as one document. */
export function openApiDocument(parts: readonly OpenApiPart[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const part of parts) {
    for (const [path, item] of Object.entries(part.paths)) paths[path] = { ...paths[path], ...item };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Secure@Mail',
      version: '1',
      description: 'Hand in email; follow what becomes of it; read the receipt.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `sm_…`' } },
    },
  };
}
