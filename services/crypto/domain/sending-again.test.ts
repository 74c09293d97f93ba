// SPDX-License-Identifier: Apache-2.0
import {
  Address,
  newContentId,
  protectedMessageId,
  recipientId,
  Sha256,
  type DomainEvent,
  type NewEvent,
  type ProtectionMethod,
} from '@securemail/contracts';
import { holdingOf } from './holding.ts';
import { madeFor, sentAgain, split } from './sending-again.ts';

const [r1, r2, r3] = [recipientId(1), recipientId(2), recipientId(3)];
type Id = typeof r1;
const content = { contentId: newContentId(), size: 1, sha256: Sha256.parse('0'.repeat(64)) };
const stream = (...events: NewEvent[]) =>
  events.map((event, index) => ({ ...event, sequence: index + 1 })) as unknown as DomainEvent[];
const mailFrom = Address.parse('anna@demo.example');
const addressed = (ids: readonly Id[]) =>
  ids.map((id) => ({ recipientId: id, address: Address.parse(`${id}@citizen.example`), disclosed: true }));
const planned = (method: ProtectionMethod, ...messages: Id[][]): NewEvent => ({
  name: 'ProtectionPlanned',
  data: {
    messages: messages.map((recipientIds, index) => ({
      protectedMessageId: protectedMessageId(index + 1),
      method,
      recipientIds,
    })),
    recipients: messages.flat().map((id) => ({
      recipientId: id,
      method,
      passedOver: [{ method: 'internal', because: 'not-an-own-domain' }],
    })),
  },
  personal: null,
});
const made = (ordinal: number, ...recipientIds: Id[]): NewEvent<'EmailProtected'> => ({
  name: 'EmailProtected',
  data: {
    protectedMessageId: protectedMessageId(ordinal),
    method: 'smime-personal',
    recipientIds,
    content,
    deadlineAt: '2026-01-01T00:10:00.000Z',
    signature: null,
    encryption: null,
  },
  personal: { mailFrom, recipients: addressed(recipientIds) },
});
const opened = (ordinal: number, ...recipientIds: Id[]): NewEvent<'EmailOpened'> => ({
  name: 'EmailOpened',
  data: {
    protectedMessageId: protectedMessageId(ordinal),
    recipientIds,
    content,
    deadlineAt: '2026-01-01T00:10:00.000Z',
    verdict: 'not-signed',
    reservations: [],
    signatures: [],
    encryptions: [],
    unopened: null,
    neutralised: false,
    certificate: 'attached',
  },
  personal: { mailFrom: null, recipients: addressed(recipientIds), signedBy: [] },
});
const again = (events: DomainEvent[], ids: Id[], anew: NewEvent[] = []) =>
  sentAgain(events, ids, anew, holdingOf(events).messages);

it('is the same message under the next number, for those alone whom it did not reach for sure', () => {
  const events = stream(planned('smime-personal', [r1, r2]), made(1, r1, r2));
  const { data, personal } = made(2, r2);
  expect(again(events, [r2])).toEqual([
    {
      name: 'ProtectionPlanned',
      data: {
        messages: [
          { protectedMessageId: protectedMessageId(2), method: 'smime-personal', recipientIds: [r2] },
        ],
        recipients: [
          {
            recipientId: r2,
            method: 'smime-personal',
            passedOver: [{ method: 'internal', because: 'not-an-own-domain' }],
          },
        ],
      },
      personal: null,
    },
    { name: 'EmailProtected', data, personal },
  ]);
});

it('is each of several messages, after those that the same release made for others, under one plan', () => {
  const events = stream(planned('smime-personal', [r1], [r2]), made(1, r1), made(2, r2));
  const anew = stream(planned('smime-personal', [r3]), made(3, r3));
  const all = again(events, [r1, r2], anew as NewEvent[]);
  expect(all.map(({ name }) => name)).toEqual([
    'ProtectionPlanned',
    'EmailProtected',
    'EmailProtected',
    'EmailProtected',
  ]);
  expect(all.flatMap((event) => (event.name === 'EmailProtected' ? [event.data] : []))).toMatchObject([
    { protectedMessageId: 'm3', recipientIds: [r3] },
    { protectedMessageId: 'm4', recipientIds: [r1] },
    { protectedMessageId: 'm5', recipientIds: [r2] },
  ]);
  expect(all[0]!.data).toMatchObject({
    messages: [{ recipientIds: [r3] }, { protectedMessageId: 'm4' }, { protectedMessageId: 'm5' }],
    recipients: [{ recipientId: r3 }, { recipientId: r1 }, { recipientId: r2 }],
  });
});

it('is of mail from outside what was opened, without a plan', () => {
  const events = stream(opened(1, r1), opened(2, r2));
  expect(again(events, [r1])).toEqual([opened(3, r1)]);
  expect(again(events, [r1], [opened(3, r2)])).toEqual([opened(3, r2), opened(4, r1)]);
});

it('is the message of last time, and nothing of an email that was erased', () => {
  const events = stream(planned('smime-personal', [r1, r2]), made(1, r1, r2), made(2, r1));
  expect(madeFor(events, r1)).toMatchObject({ data: { protectedMessageId: 'm2' } });
  const erased = stream(planned('smime-personal', [r1]), { ...made(1, r1), personal: null as never });
  expect(again(erased, [r1])).toEqual([]);
});

it('is for those who were held for that when it was decided, whatever they are held for by now', () => {
  const held = (because: 'outcome-unknown' | 'no-certificate', ...recipientIds: Id[]): NewEvent => ({
    name: 'EmailHeld',
    data: { recipientIds, because, endsAt: null },
    personal: null,
  });
  const released: NewEvent = {
    name: 'EmailReleased',
    data: { recipientIds: [r1, r2], keyId: 'console', guards: [] },
    personal: { by: 'Ida', reason: 'x', changes: [] },
  };
  const events = stream(held('no-certificate', r1), held('outcome-unknown', r2), released);
  expect(split(events[2] as DomainEvent<'EmailReleased'>, events)).toEqual({ again: [r2], anew: [r1] });
});
