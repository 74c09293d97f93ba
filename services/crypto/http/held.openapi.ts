// SPDX-License-Identifier: Apache-2.0
import { HoldReason } from '@securemail/contracts';
import { BODY_PROBLEMS, jsonSchema, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { HeldQuery, RejectRequest, ReleaseRequest } from './held.controller.ts';

const moment = z.iso.datetime();
const Held = z.object({
  emailId: z.uuid(),
  from: z.string().nullable(),
  subject: z.string().nullable().describe('Null where nobody is held but as `outcome-unknown`'),
  heldSince: moment,
  endsAt: moment.describe('Rejected then, where nobody decides'),
  deadlineAt: moment,
  recipients: z.array(
    z.object({
      recipientId: z.string(),
      address: z.string().nullable(),
      because: HoldReason,
      text: z.string().describe('The same in words, in the language of the organisation'),
      perhapsSent: z
        .object({ at: moment, nextHop: z.string().nullable() })
        .nullable()
        .describe('Of `outcome-unknown`: when the connection broke, and with which server it was'),
    }),
  ),
});
const Decided = z.object({ emailId: z.uuid(), recipientIds: z.array(z.string()) });
const Released = Decided.extend({
  warnings: z
    .array(z.object({ recipientId: z.string(), warning: z.literal('forwards-outside'), text: z.string() }))
    .describe('Corrected addresses that forward outside, where the settings of the sender allow that'),
});

const emailId = { name: 'emailId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: jsonSchema(schema, io) },
});
const query = jsonSchema(HeldQuery, 'input') as { properties: Record<string, object> };
const COMMON = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;
const DECIDING = [...BODY_PROBLEMS, 'email-not-held', 'recipient-not-held', 'already-decided'] as const;

export const heldApi: OpenApiPart = {
  paths: {
    '/v1/held': {
      get: {
        operationId: 'listHeld',
        summary: 'Held emails, newest first',
        parameters: Object.entries(query.properties).map(([name, schema]) => ({ name, in: 'query', schema })),
        responses: {
          '200': {
            description: 'A page; `next` is the cursor of the following one',
            content: json(z.object({ held: z.array(Held), next: z.string().nullable() }), 'output'),
          },
          ...problemAnswers('invalid-cursor', 'invalid-request', ...COMMON),
        },
      },
    },
    '/v1/held/{emailId}': {
      get: {
        operationId: 'showHeld',
        summary: 'Who of an email is held, and why',
        parameters: [emailId],
        responses: {
          '200': { description: 'The held email', content: json(Held, 'output') },
          ...problemAnswers('email-not-held', ...COMMON),
        },
      },
    },
    '/v1/held/{emailId}/release': {
      post: {
        operationId: 'releaseHeld',
        summary: 'Try again, by the certificates and settings of now',
        description:
          'Nothing is let go without protection: whom still nothing safe leads to is held again. Addresses may be corrected.',
        parameters: [emailId],
        requestBody: { required: true, content: json(ReleaseRequest, 'input') },
        responses: {
          '202': { description: 'It is being tried; see the email', content: json(Released, 'output') },
          ...problemAnswers(...DECIDING, 'forwards-outside', ...COMMON),
        },
      },
    },
    '/v1/held/{emailId}/reject': {
      post: {
        operationId: 'rejectHeld',
        summary: 'Do not send it; the sender is told who decided, and why',
        parameters: [emailId],
        requestBody: { required: true, content: json(RejectRequest, 'input') },
        responses: {
          '200': { description: 'Decided', content: json(Decided, 'output') },
          ...problemAnswers(...DECIDING, ...COMMON),
        },
      },
    },
  },
};
