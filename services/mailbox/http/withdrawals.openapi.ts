// SPDX-License-Identifier: Apache-2.0
import { jsonSchema, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { WithdrawRequest } from './withdrawals.controller.ts';

const moment = z.iso.datetime().nullable();
const Withdrawn = z.object({
  emailId: z.uuid(),
  recipients: z.array(
    z.object({
      recipientId: z.string(),
      openedAt: moment.describe('When the recipient had opened it; null: not'),
      withdrawnAt: moment.describe(
        'Null where its time was over before, or its reader had said that it was not for him',
      ),
    }),
  ),
});
const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: jsonSchema(schema, io) },
});

export const withdrawalsApi: OpenApiPart = {
  paths: {
    '/v1/emails/{emailId}/withdraw': {
      post: {
        operationId: 'withdrawEmail',
        summary: 'Take back what lies in SecureMailBox',
        description:
          'Nobody reads it there any more; whether it had been opened before is told, here and in a receipt.',
        parameters: [
          { name: 'emailId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
        ],
        requestBody: { required: true, content: json(WithdrawRequest, 'input') },
        responses: {
          '200': {
            description: 'From whom it was taken back, now or before',
            content: json(Withdrawn, 'output'),
          },
          ...problemAnswers(
            ...(['malformed-json', 'invalid-request', 'unsupported-media-type', 'upload-too-large'] as const),
            ...(['incomplete-message', 'not-in-mailbox', 'unauthenticated', 'forbidden'] as const),
            ...(['storage-unavailable', 'internal'] as const),
          ),
        },
      },
    },
  },
};
