// SPDX-License-Identifier: Apache-2.0
import { SERVICES } from '@securemail/contracts';
import { z } from 'zod';
import { DeadLettersQuery, DeadLetterView, ReplayRequest } from './dead-letters.requests.ts';
import { BODY_PROBLEMS, jsonSchema, problemAnswers, type OpenApiPart } from './openapi.ts';

export type { DeadLetterView } from './dead-letters.requests.ts';

const service = { name: 'service', in: 'path', required: true, schema: { type: 'string', enum: SERVICES } };
const number = { name: 'number', in: 'path', required: true, schema: { type: 'integer' } };
const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: jsonSchema(schema, io) },
});
const query = jsonSchema(DeadLettersQuery, 'input') as { properties: Record<string, object> };
const COMMON = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;

/** Each service answers under its own name. */
export const deadLettersApi: OpenApiPart = {
  paths: {
    '/v1/dead-letters/{service}': {
      get: {
        operationId: 'listDeadLetters',
        summary: 'Events of your organisation that a service could not deal with, oldest first',
        parameters: [
          service,
          ...Object.entries(query.properties).map(([name, schema]) => ({ name, in: 'query', schema })),
        ],
        responses: {
          '200': {
            description: 'A page; `next` is the cursor of the following one',
            content: json(
              z.object({ deadLetters: z.array(DeadLetterView), next: z.string().nullable() }),
              'output',
            ),
          },
          ...problemAnswers('invalid-cursor', 'invalid-request', ...COMMON),
        },
      },
    },
    '/v1/dead-letters/{service}/{number}/replay': {
      post: {
        operationId: 'replayDeadLetter',
        summary: 'Have the service try it again',
        parameters: [service, number],
        requestBody: { required: true, content: json(ReplayRequest, 'input') },
        responses: {
          '202': { description: 'It is tried again', content: json(DeadLetterView, 'output') },
          ...problemAnswers(...BODY_PROBLEMS, 'dead-letter-not-found', 'dead-letter-not-parked', ...COMMON),
        },
      },
    },
  },
};
