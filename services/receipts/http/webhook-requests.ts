// SPDX-License-Identifier: Apache-2.0
import { storable } from '@securemail/contracts';
import { z } from 'zod';
import type { DeliveryRow } from '../adapters/webhooks/deliveries.ts';
import type { WebhookRow } from '../adapters/webhooks/store.ts';
import { WEBHOOK_TYPES } from '../domain/webhook-message.ts';

const Url = z.string().min(1).max(2_000).describe('Where it is told, by POST');
const Types = z
  .array(z.enum(WEBHOOK_TYPES))
  .min(1)
  .nullable()
  .describe('What it is told; null: everything, also what is added later');
const Description = z.string().max(500);

export const WebhookRequest = z
  .strictObject({
    url: Url,
    types: Types.default(null),
    description: Description.default(''),
  })
  .superRefine(storable);
export const WebhookChange = z
  .strictObject({
    url: Url.optional(),
    types: Types.optional(),
    description: Description.optional(),
    enabled: z.boolean().optional().describe('true also begins anew where it was disabled for failing'),
  })
  .superRefine(storable);
export const SecretRequest = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(168)
    .default(24)
    .describe('So long messages are signed by the former secret, too'),
});
export const WebhooksQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});
export const DeliveriesQuery = z.strictObject({
  status: z.enum(['waiting', 'delivered', 'failed']).optional().describe('Only those'),
  ...WebhooksQuery.shape,
});

const moment = z.iso.datetime();
export const WebhookAnswer = z.object({
  webhookId: z.uuid(),
  url: z.string(),
  types: Types,
  description: z.string(),
  enabled: z.boolean(),
  disabledBecause: z.enum(['by-administrator', 'failing', 'gone']).nullable(),
  failingSince: moment.nullable().describe('null: the last one was taken, or nothing waits'),
  formerSecretUntil: moment.nullable(),
  createdAt: moment,
});
export const WithSecret = WebhookAnswer.extend({ secret: z.string().describe('Shown this once') });
export const DeliveryAnswer = z.object({
  deliveryId: z.uuid(),
  webhookMessageId: z.string().describe('The field `webhook-id` of the message, at each try'),
  emailId: z.uuid().nullable(),
  type: z.string(),
  status: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  createdAt: moment,
  nextAttemptAt: moment.nullable(),
  lastAttemptAt: moment.nullable(),
  lastStatus: z.int().nullable().describe('Of the answer'),
  lastFailure: z.string().nullable(),
});

export const webhookView = (row: WebhookRow) => ({
  webhookId: row.webhookId,
  url: row.url,
  types: row.types,
  description: row.description,
  enabled: row.enabled,
  disabledBecause: row.disabledBecause,
  failingSince: row.failingSince,
  formerSecretUntil: row.formerUntil !== null && row.formerUntil > new Date() ? row.formerUntil : null,
  createdAt: row.createdAt,
});

export const deliveryView = (row: DeliveryRow) => ({
  deliveryId: row.deliveryId,
  webhookMessageId: `msg_${row.deliveryId}`,
  emailId: row.emailId,
  type: row.type,
  status: row.status,
  attempts: row.attempts,
  createdAt: row.createdAt,
  nextAttemptAt: row.status === 'waiting' ? row.nextAt : null,
  lastAttemptAt: row.lastAt,
  lastStatus: row.lastStatus,
  lastFailure: row.lastFailure,
});
