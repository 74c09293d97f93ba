// SPDX-License-Identifier: Apache-2.0
import {
  newAttemptId,
  newEmailId,
  newEventId,
  protectedMessageId,
  recipientId,
  TenantId,
  type DomainEvent,
} from '@securemail/contracts';
import { rulesAfterUnknown } from './unknown-outcomes.ts';

const RULES = { retrySeconds: [60], giveUpAfterHours: 48, whenOutcomeUnknown: 'send-again' as const };
const [r1, r2] = [recipientId(1), recipientId(2)];
const unknown = (message: number, ...recipientIds: (typeof r1)[]): DomainEvent<'OutcomeUnknown'> => ({
  id: newEventId(),
  name: 'OutcomeUnknown',
  version: 1,
  source: 'delivery',
  time: '2026-01-01T00:00:00.000Z',
  tenantId: TenantId.parse('demo'),
  emailId: newEmailId(),
  sequence: 1,
  traceparent: null,
  data: {
    attemptId: newAttemptId(),
    protectedMessageId: protectedMessageId(message),
    recipientIds,
    next: 'send-again',
    nextAttemptAt: null,
  },
  personal: null,
  erased: false,
});
const after = (message: number, ...recorded: DomainEvent[]) =>
  rulesAfterUnknown(
    {
      protectedMessageId: protectedMessageId(message),
      recipientIds: [r1],
      attempts: 1,
      createdAt: new Date(),
      placeSince: null,
    },
    recorded,
    RULES,
  ).whenOutcomeUnknown;

it('the third time a person decides', () => {
  expect(after(1)).toBe('send-again');
  expect(after(1, unknown(1, r1))).toBe('send-again');
  expect(after(1, unknown(1, r1), unknown(1, r1, r2))).toBe('hold');
});

it('and each time after, though who lets it be sent again makes another message of it', () => {
  expect(after(2, unknown(1, r1), unknown(1, r1), unknown(1, r1))).toBe('hold');
});

it('others do not count', () => {
  expect(after(1, unknown(1, r2), unknown(1, r2), unknown(2, r2))).toBe('send-again');
});
