// SPDX-License-Identifier: Apache-2.0
import {
  BODY_PROBLEMS,
  jsonSchema,
  problemAnswers,
  type OpenApiPart,
  type ProblemSlug,
} from '@securemail/service';
import { z } from 'zod';
import {
  DeliveriesQuery,
  DeliveryAnswer,
  SecretRequest,
  WebhookAnswer,
  WebhookChange,
  WebhookRequest,
  WebhooksQuery,
  WithSecret,
} from './webhook-requests.ts';

const OF_ANY = ['unauthenticated', 'forbidden', 'storage-unavailable', 'internal'] as const;

const webhookId = {
  name: 'webhookId',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};
const deliveryId = { ...webhookId, name: 'deliveryId' };
const queryOf = (schema: z.ZodType) =>
  Object.entries((jsonSchema(schema, 'input') as { properties: Record<string, object> }).properties).map(
    ([name, property]) => ({ name, in: 'query', schema: property }),
  );
const sent = (schema: z.ZodType, required = true) => ({
  requestBody: { required, content: { 'application/json': { schema: jsonSchema(schema, 'input') } } },
});
const responses = (
  status: string,
  description: string,
  schema: z.ZodType | null,
  ...problems: ProblemSlug[]
) => ({
  responses: {
    [status]: {
      description,
      ...(schema === null
        ? {}
        : { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } }),
    },
    ...problemAnswers(...OF_ANY, ...problems),
  },
});
const Named = z.object({ deliveryId: z.uuid() });

/** Webhooks, for administrators. */
export const webhooksApi: OpenApiPart = {
  paths: {
    '/v1/webhooks': {
      get: {
        operationId: 'listWebhooks',
        summary: 'Webhooks, oldest first',
        parameters: queryOf(WebhooksQuery),
        ...responses(
          '200',
          'A page; `next` is the cursor of the following one',
          z.object({ webhooks: z.array(WebhookAnswer), next: z.string().nullable() }),
          'invalid-request',
          'invalid-cursor',
        ),
      },
      post: {
        operationId: 'createWebhook',
        summary: 'Has a system told what becomes of emails',
        ...sent(WebhookRequest),
        ...responses('201', 'The webhook, with its secret', WithSecret, ...BODY_PROBLEMS, 'webhook-refused'),
      },
    },
    '/v1/webhooks/{webhookId}': {
      get: {
        operationId: 'showWebhook',
        summary: 'A webhook',
        parameters: [webhookId],
        ...responses('200', 'The webhook', WebhookAnswer, 'webhook-not-found'),
      },
      patch: {
        operationId: 'changeWebhook',
        summary: 'Changes some of it; what is left out stays',
        parameters: [webhookId],
        ...sent(WebhookChange),
        ...responses(
          '200',
          'The webhook',
          WebhookAnswer,
          ...BODY_PROBLEMS,
          'webhook-not-found',
          'webhook-refused',
        ),
      },
      delete: {
        operationId: 'removeWebhook',
        summary: 'Tells it nothing any more',
        parameters: [webhookId],
        ...responses('204', 'It is gone, with what it was still to be told', null, 'webhook-not-found'),
      },
    },
    '/v1/webhooks/{webhookId}/secret': {
      post: {
        operationId: 'rotateWebhookSecret',
        summary: 'Another secret; the former one signs, too, for a while',
        parameters: [webhookId],
        ...sent(SecretRequest, false),
        ...responses(
          '200',
          'The webhook, with its secret',
          WithSecret,
          ...BODY_PROBLEMS,
          'webhook-not-found',
        ),
      },
    },
    '/v1/webhooks/{webhookId}/test': {
      post: {
        operationId: 'testWebhook',
        summary: 'Sends a message of the type `webhook.test`',
        parameters: [webhookId],
        ...responses('202', 'It is on its way', Named, 'webhook-not-found', 'webhook-refused'),
      },
    },
    '/v1/webhooks/{webhookId}/deliveries': {
      get: {
        operationId: 'listWebhookDeliveries',
        summary: 'What it was told and is to be told, newest first',
        parameters: [webhookId, ...queryOf(DeliveriesQuery)],
        ...responses(
          '200',
          'A page; `next` is the cursor of the following one',
          z.object({ deliveries: z.array(DeliveryAnswer), next: z.string().nullable() }),
          'invalid-request',
          'invalid-cursor',
          'webhook-not-found',
        ),
      },
    },
    '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': {
      post: {
        operationId: 'redeliverWebhook',
        summary: 'Tells it again, with the same `webhook-id`',
        parameters: [webhookId, deliveryId],
        ...responses('202', 'It is on its way', Named, 'webhook-not-found'),
      },
    },
  },
};
