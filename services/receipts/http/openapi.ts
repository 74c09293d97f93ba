// SPDX-License-Identifier: Apache-2.0
import {
  GuardAction,
  GuardName,
  Language,
  PROTECTION_METHODS,
  Reservation,
  Verdict,
  SERVICES,
} from '@securemail/contracts';
import { jsonSchema, problemAnswers, type OpenApiPart } from '@securemail/service';
import { z } from 'zod';
import { BAR_KINDS } from '../console/domain/waterfall.ts';
import { STAGES } from '../domain/stages.ts';
import { EMAIL_STATES } from '../domain/email.ts';
import { ListQuery } from './emails.controller.ts';

const moment = z.iso.datetime();
const Method = z.enum(PROTECTION_METHODS);
const STATUSES = [
  'accepted',
  'protected',
  'attempting',
  'deferred',
  'outcome-unknown',
  'sent',
  'bounced',
  'declined',
  'expired',
  'held',
  'released',
  'rejected',
] as const;

const inMailbox = {
  depositedAt: moment.nullable().describe('Since when it has been in SecureMailBox; null: it is not'),
  openedAt: moment.nullable().describe('When the recipient opened it there, the first time'),
  endsAt: moment.nullable().describe('Until when it can be read there'),
};
const release = {
  givenAddress: z.string().nullable().describe('The address that the sender gave; null: it is as given'),
  released: z
    .object({ at: moment, by: z.string().nullable(), reason: z.string().nullable() })
    .nullable()
    .describe('When it was held: who let it be tried again last, and why'),
};
const Guards = z
  .array(z.object({ guard: GuardName, action: GuardAction, title: z.string(), text: z.string() }))
  .describe('What guards found in the mail, and did');
const Recipient = z.looseObject({
  recipientId: z.string(),
  address: z.string().nullable(),
  method: Method.nullable(),
  passedOver: z.array(z.object({ method: Method, because: z.string(), text: z.string() })),
  attempts: z.int(),
  mayBeDuplicate: z.boolean(),
  ...inMailbox,
  ...release,
  status: z.enum(STATUSES),
});
export const Email = z.object({
  emailId: z.uuid(),
  state: z.enum(EMAIL_STATES),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  messageId: z.string().nullable(),
  channel: z.string().nullable(),
  direction: z.string().nullable(),
  secureBy: z.string().nullable(),
  guards: Guards,
  received: z
    .array(
      z.object({
        recipientIds: z.array(z.string()),
        verdict: Verdict,
        reservations: z.array(Reservation),
        signedBy: z.array(z.string()).nullable(),
        encrypted: z.boolean(),
        unopened: z.string().nullable(),
        neutralised: z.boolean(),
      }),
    )
    .describe('How a mail from outside was found; empty for one that was sent from here'),
  size: z.int().nullable(),
  acceptedAt: moment,
  deadlineAt: moment,
  deadlineMissed: z.boolean(),
  settledAt: moment.nullable(),
  acceptedToSentMs: z.int().nullable(),
  erasedAt: moment
    .nullable()
    .describe('When its content was destroyed, and with it what named people; null: it was not'),
  waitsFor: z
    .object({ stage: z.enum(STAGES), since: moment })
    .nullable()
    .describe('What is waited for, and since when in the eyes of the sender; null: nothing, it is finished'),
  recipients: z.array(Recipient),
  receipt: z
    .object({
      issuedAt: moment,
      outcome: z.string(),
      mailed: z.boolean(),
      deliveredAt: moment.nullable(),
    })
    .nullable(),
  unreadable: z
    .array(z.uuid())
    .describe(
      'Its events that were changed where they are kept, so that what they say of people can not be shown, or nothing of them; as a rule none',
    ),
});
export const HappenedEvent = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.int(),
  source: z.string(),
  sequence: z.int(),
  time: moment,
  traceparent: z.string().nullable(),
  data: z.unknown(),
  personal: z.unknown(),
  erased: z.boolean(),
});
const Events = z.object({
  events: z.array(HappenedEvent),
  unreadable: z.array(z.uuid()).describe('Which of them were changed where they are kept'),
});
const TraceOfEmail = z.object({
  traceId: z.string().nullable().describe('Of W3C Trace Context; null: it was not traced'),
  bars: z.array(
    z.object({
      kind: z.enum(BAR_KINDS),
      service: z.enum(SERVICES),
      from: moment,
      until: moment.nullable().describe('Null: it goes on'),
      recipientIds: z.array(z.string()),
      outcome: z.string().nullable().describe('The event that ended it'),
      spanId: z.string().nullable(),
    }),
  ),
});
const Receipt = z.object({
  emailId: z.uuid(),
  outcome: z.enum(['sent', 'partly-sent', 'not-sent']),
  language: Language,
  text: z.string(),
  guards: Guards,
  issuedAt: moment,
  deliveredAt: moment.nullable(),
  recipients: z.array(
    z.object({
      recipientId: z.string(),
      address: z.string().nullable(),
      disclosed: z.boolean().nullable().describe('Whether the mail names it to the others; null: erased'),
      method: Method.nullable(),
      status: z.enum(STATUSES),
      at: moment.nullable(),
      reply: z.object({ code: z.int(), enhancedCode: z.string().nullable() }).nullable(),
      tls: z
        .object({
          protocol: z.string(),
          cipher: z.string(),
          verified: z.boolean(),
          policy: z.string().nullable(),
        })
        .nullable(),
      mayBeDuplicate: z.boolean(),
      ...inMailbox,
      ...release,
      text: z.string(),
    }),
  ),
  proof: z
    .string()
    .nullable()
    .describe(
      'That the ledger has what it says: proofs, one after the other (C2SP tlog-proof); null: not yet, or nobody signs it',
    ),
});

const emailId = { name: 'emailId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const answer = (description: string, schema: z.ZodType) => ({
  '200': { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } },
});
const query = jsonSchema(ListQuery, 'input') as { properties: Record<string, { description?: string }> };

/** What any request may be answered with, and no fault of who asks. */
const OF_OURS = ['storage-unavailable', 'internal'] as const;

const OF_ONE = ['email-not-found', 'email-set-aside', 'email-unreadable'] as const;

export const receiptsApi: OpenApiPart = {
  paths: {
    '/v1/emails': {
      get: {
        operationId: 'listEmails',
        summary: 'Emails, newest first',
        parameters: Object.entries(query.properties).map(([name, schema]) => ({ name, in: 'query', schema })),
        responses: {
          ...answer(
            'A page; `next` is the cursor of the following one',
            z.object({ emails: z.array(Email), next: z.string().nullable() }),
          ),
          ...problemAnswers('invalid-cursor', 'unauthenticated', 'forbidden', 'invalid-request', ...OF_OURS),
        },
      },
    },
    '/v1/emails/{emailId}': {
      get: {
        operationId: 'showEmail',
        summary: 'Where an email stands',
        parameters: [emailId],
        responses: {
          ...answer('The email', Email),
          ...problemAnswers('unauthenticated', 'forbidden', ...OF_ONE, ...OF_OURS),
        },
      },
    },
    '/v1/emails/{emailId}/events': {
      get: {
        operationId: 'listEvents',
        summary: 'Everything that happened to an email',
        parameters: [emailId],
        responses: {
          ...answer('Its events, oldest first', Events),
          ...problemAnswers('unauthenticated', 'forbidden', ...OF_ONE, ...OF_OURS),
        },
      },
    },
    '/v1/emails/{emailId}/trace': {
      get: {
        operationId: 'traceEmail',
        summary: 'Where its time went, as its events tell it',
        parameters: [emailId],
        responses: {
          ...answer('The parts of its way, in the order in which they began', TraceOfEmail),
          ...problemAnswers(...OF_ONE, 'unauthenticated', 'forbidden', 'storage-unavailable', 'internal'),
        },
      },
    },
    '/v1/emails/{emailId}/receipt': {
      get: {
        operationId: 'showReceipt',
        summary: 'What the sender was told',
        parameters: [emailId],
        responses: {
          '200': {
            description:
              'The receipt; with `Accept: application/jose` signed, as a JWS in compact serialisation (RFC 7515)',
            content: {
              'application/json': { schema: jsonSchema(Receipt, 'output') },
              'application/jose': { schema: { type: 'string' } },
            },
          },
          ...problemAnswers(
            'unauthenticated',
            'forbidden',
            ...OF_ONE,
            'receipt-not-ready',
            'no-receipt',
            'receipt-not-signed',
            ...OF_OURS,
          ),
        },
      },
    },
    '/v1/receipts/keys': {
      get: {
        operationId: 'listReceiptKeys',
        summary: 'The keys by which signed receipts are verified (a JWK set, RFC 7517)',
        security: [],
        responses: answer('The keys', z.object({ keys: z.array(z.looseObject({ kid: z.string() })) })),
      },
    },
  },
};
