// SPDX-License-Identifier: Apache-2.0
import { jsonSchema, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { EmailRequest } from './email-request.ts';

const Accepted = z.object({
  emailId: z.uuid(),
  tenantId: z.string(),
  state: z.literal('accepted'),
  acceptedAt: z.iso.datetime(),
  deadlineAt: z.iso
    .datetime()
    .describe('The promise: sent by then. What is not settled then shows as deadlineMissed'),
});

export const intakeApi: OpenApiPart = {
  paths: {
    '/v1/emails': {
      post: {
        operationId: 'sendEmail',
        summary: 'Hand in an email',
        description:
          'Answered once it is durable. As JSON, or as it is (message/rfc822), where From sends and To, Cc and Bcc receive.',
        parameters: [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description: 'The same key and body get the same answer for 24 hours; another body, 409',
            schema: { type: 'string', minLength: 1, maxLength: 256, pattern: '^[\\x21-\\x7e]+$' },
          },
          {
            name: 'secure',
            in: 'query',
            description:
              'For message/rfc822: false where nobody asked to send it securely. `true` or `false` and nothing else: `False` or `0` is refused (`invalid-request`)',
            schema: { type: 'boolean', default: true },
          },
          { name: 'traceparent', in: 'header', description: 'W3C Trace Context', schema: { type: 'string' } },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: jsonSchema(EmailRequest, 'input') },
            'message/rfc822': {
              schema: { type: 'string', description: 'RFC 5322, lines ended by CRLF; up to 150 MB' },
            },
          },
        },
        responses: {
          '202': {
            description: 'Ours: it is never lost from now on',
            headers: {
              Location: { description: 'Where to follow it', schema: { type: 'string' } },
              'Idempotency-Replayed': {
                description: 'true where this answer was given before',
                schema: { type: 'string' },
              },
            },
            content: { 'application/json': { schema: jsonSchema(Accepted, 'output') } },
          },
          ...problemAnswers(
            'malformed-json',
            'incomplete-message',
            'invalid-idempotency-key',
            'unauthenticated',
            'forbidden',
            'sender-not-allowed',
            'idempotency-key-reused',
            'message-too-large',
            'unsupported-media-type',
            'invalid-request',
            'invalid-address',
            'malformed-message',
            'no-recipient',
            'too-many-recipients',
            'not-secure',
            'mail-loop',
            'internal',
            'storage-unavailable',
            'too-busy',
          ),
        },
      },
    },
  },
};
