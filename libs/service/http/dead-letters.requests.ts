// SPDX-License-Identifier: Apache-2.0
import { EmailId, SERVICES } from '@securemail/contracts';
import { DEAD_LETTER_STATUSES } from '@securemail/event-log';
import { z } from 'zod';
import { plainLine } from '../settings/label.ts';

export const DeadLettersQuery = z.strictObject({
  status: z
    .enum(DEAD_LETTER_STATUSES)
    .optional()
    .describe('Only those that are tried by themselves, or that wait for somebody'),
  emailId: EmailId.optional().describe('Only those of this email: it waits, whatever its state says'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

export const ReplayRequest = z.strictObject({
  by: plainLine().min(1).max(200).describe('The name of the person who has it tried again'),
  reason: plainLine().min(1).max(1_000).describe('Why, in words, for the history'),
});

const moment = z.iso.datetime();
export const DeadLetterView = z.object({
  service: z.enum(SERVICES),
  number: z.int(),
  eventId: z.uuid().nullable(),
  emailId: z.uuid().nullable(),
  eventName: z.string().nullable(),
  source: z.enum(SERVICES).describe('The service whose event it is'),
  status: z.enum(DEAD_LETTER_STATUSES),
  reason: z.string().describe('What is safe to say of the error'),
  attempts: z.int(),
  firstFailedAt: moment,
  lastFailedAt: moment,
  nextAttemptAt: moment.nullable().describe('Null: it waits for somebody'),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;
