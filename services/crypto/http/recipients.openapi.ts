// SPDX-License-Identifier: Apache-2.0
import { PROTECTION_METHODS } from '@securemail/contracts';
import { BODY_PROBLEMS, jsonSchema, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { SOURCES } from '../domain/entry.ts';
import { OUTLOOK_WARNINGS } from '../domain/outlook.ts';
import { CheckRequest } from './recipients.controller.ts';

const Method = z.enum(PROTECTION_METHODS);
const Checked = z.object({
  recipients: z.array(
    z.object({
      address: z.string(),
      method: Method.nullable().describe('How it would be protected; null: it would be held'),
      passedOver: z.array(z.object({ method: Method, because: z.string(), text: z.string() })),
      certificate: z
        .object({
          sha256: z.string(),
          source: z.enum(SOURCES).describe('Where it is known from; `dns`: DNSSEC proves it (RFC 8162)'),
          notAfter: z.iso.datetime(),
        })
        .nullable()
        .describe('What it would be encrypted for; null where not for a certificate'),
      warnings: z.array(
        z.object({
          warning: z.enum(OUTLOOK_WARNINGS),
          text: z.string(),
        }),
      ),
    }),
  ),
});

export const recipientsApi: OpenApiPart = {
  paths: {
    '/v1/recipients/check': {
      post: {
        operationId: 'checkRecipients',
        summary: 'How a mail would be protected, before it is sent',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: jsonSchema(CheckRequest, 'input') } },
        },
        responses: {
          '200': {
            description: 'For each recipient, in the order of the request',
            content: { 'application/json': { schema: jsonSchema(Checked, 'output') } },
          },
          ...problemAnswers(
            ...BODY_PROBLEMS,
            'unauthenticated',
            'forbidden',
            'sender-not-allowed',
            'rate-limited',
            'storage-unavailable',
            'internal',
          ),
        },
      },
    },
  },
};
