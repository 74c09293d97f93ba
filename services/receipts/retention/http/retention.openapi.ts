// SPDX-License-Identifier: Apache-2.0
import {
  BODY_PROBLEMS,
  jsonSchema,
  parametersOf,
  problemAnswers,
  type OpenApiPart,
} from '@securemail/service';
import { z } from 'zod';
import {
  ErasureAnswer,
  ErasureRequest,
  HoldAnswer,
  HoldRequest,
  HoldsQuery,
  LiftRequest,
  RetentionAnswer,
} from './retention.requests.ts';

const COMMON = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;
const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema: jsonSchema(schema, 'output') } },
});
const body = (schema: z.ZodType) => ({
  required: true,
  content: { 'application/json': { schema: jsonSchema(schema, 'input') } },
});

/** Retention, erasure and legal holds. */
export const retentionApi: OpenApiPart = {
  paths: {
    '/v1/retention': {
      get: {
        operationId: 'showRetention',
        summary: 'How long emails are kept, and how many are erased next',
        responses: { '200': json('The retention', RetentionAnswer), ...problemAnswers(...COMMON) },
      },
    },
    '/v1/erasures': {
      post: {
        operationId: 'eraseEmail',
        summary: 'Destroys the content of an email, and with it what names people in its history',
        requestBody: body(ErasureRequest),
        responses: {
          '200': json('It is erased', ErasureAnswer),
          ...problemAnswers(...BODY_PROBLEMS, 'email-not-found', 'email-not-ended', 'legal-hold', ...COMMON),
        },
      },
    },
    '/v1/legal-holds': {
      get: {
        operationId: 'listLegalHolds',
        summary: 'Legal holds, oldest first',
        parameters: parametersOf(HoldsQuery),
        responses: {
          '200': json(
            'A page; `next` is the cursor of the following one',
            z.object({ legalHolds: z.array(HoldAnswer), next: z.string().nullable() }),
          ),
          ...problemAnswers('invalid-request', 'invalid-cursor', ...COMMON),
        },
      },
      post: {
        operationId: 'placeLegalHold',
        summary: 'Forbids that anything is erased which it covers',
        requestBody: body(HoldRequest),
        responses: {
          '201': json('It holds', HoldAnswer),
          ...problemAnswers(...BODY_PROBLEMS, 'email-not-found', ...COMMON),
        },
      },
    },
    '/v1/legal-holds/{holdId}/lift': {
      post: {
        operationId: 'liftLegalHold',
        summary: 'What it covered may be erased again',
        parameters: [
          { name: 'holdId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
        ],
        requestBody: body(LiftRequest),
        responses: {
          '200': json('It holds no more', HoldAnswer),
          ...problemAnswers(...BODY_PROBLEMS, 'legal-hold-not-found', ...COMMON),
        },
      },
    },
  },
};
