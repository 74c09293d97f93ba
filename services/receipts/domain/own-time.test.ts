// SPDX-License-Identifier: Apache-2.0
import { Address, newContentId, SENDER_RECIPIENT, Sha256, type NewEvent } from '@securemail/contracts';
import {
  BO,
  bounced,
  deferred,
  delivered,
  expired,
  held,
  KIM,
  planned,
  rejected,
  released,
  started,
  unknown,
} from '../testing/story.ts';
import { happened } from '../testing/happened.ts';
import { emailOf } from './fold.ts';
import { ownSeconds } from './own-time.ts';
import { stageOf } from './stages.ts';

type Story = Parameters<typeof happened>[1];

/** That a retry is due so many seconds after acceptance. */
const deferredUntil = (second: number, ...ordinals: number[]) => {
  const event = deferred(...ordinals);
  return event.name === 'Deferred'
    ? { ...event, data: { ...event.data, nextAttemptAt: happened.time(second) } }
    : event;
};

/** A try that waited for a place since so many seconds after acceptance. */
const placedSince = (second: number, ...ordinals: number[]) => {
  const event = started(...ordinals);
  return event.name === 'DeliveryAttemptStarted'
    ? { ...event, data: { ...event.data, placeSince: happened.time(second) } }
    : event;
};

it.each<[what: string, story: Story, seconds: number | null]>([
  ['nobody is settled', [[1, planned([1])]], null],
  ['no attempt was needed', [[3, delivered(1)]], 3],
  [
    'a next hop was slow',
    [
      [2, started(1)],
      [62, delivered(1)],
    ],
    2,
  ],
  [
    'others of its domain were before it',
    [
      [605, placedSince(5, 1)],
      [607, delivered(1)],
    ],
    5,
  ],
  [
    'others of its domain were before its retry, which was ours for a moment',
    [
      [2, started(1)],
      [3, deferredUntil(63, 1)],
      [100, placedSince(70, 1)],
      [101, delivered(1)],
    ],
    9,
  ],
  [
    'a retry was put off, and others of its domain were before it',
    [
      [2, started(1)],
      [3, deferredUntil(63, 1)],
      [100, placedSince(10, 1)],
      [101, delivered(1)],
    ],
    2,
  ],
  [
    'a retry was put off',
    [
      [2, started(1)],
      [3, deferredUntil(63, 1)],
      [63, started(1)],
      [64, delivered(1)],
    ],
    2,
  ],
  [
    'a retry began late',
    [
      [2, started(1)],
      [3, deferredUntil(63, 1)],
      [93, started(1)],
      [94, delivered(1)],
    ],
    32,
  ],
  [
    'a person took his time',
    [
      [5, held([1])],
      [4_000, released(1)],
      [4_001, planned([1])],
      [4_003, started(1)],
      [4_004, delivered(1)],
    ],
    8,
  ],
  ['it was held to the end', [[5, held([1])]], 5],
  [
    'a person ended it',
    [
      [5, held([1])],
      [4_000, rejected('eva', 1)],
    ],
    5,
  ],
  [
    'nobody knows whether it arrived',
    [
      [1, started(1)],
      [9, unknown('hold', 1)],
    ],
    1,
  ],
])('of our own time it took, where %s', (_what, story, seconds) => {
  expect(ownSeconds(happened([BO], story))).toBe(seconds);
});

it('counts the recipient who took longest, and not the sum', () => {
  const events = happened(
    [BO, KIM],
    [
      [4, started(1)],
      [5, delivered(1)],
      [7, started(2)],
      [60, delivered(2)],
    ],
  );
  expect(ownSeconds(events)).toBe(7);
});

it.each<[what: string, story: Story, stage: string | null, second: number]>([
  ['is to be protected', [], 'protection', 0],
  [
    'is protected',
    [
      [1, planned([1, 2])],
      [2, started(1)],
      [3, delivered(1)],
    ],
    'protection',
    0,
  ],
  [
    'is at a server that is slow, in the first attempt',
    [
      [1, planned([1, 2])],
      [2, started(1, 2)],
    ],
    'attempt',
    2,
  ],
  [
    'is at a server that is slow, in a later one',
    [
      [1, planned([1, 2])],
      [2, started(1, 2)],
      [302, deferred(1, 2)],
      [362, started(1, 2)],
    ],
    'retry',
    0,
  ],
  [
    'is deferred',
    [
      [1, planned([1, 2])],
      [2, deferred(1, 2)],
    ],
    'retry',
    0,
  ],
  [
    'has a receipt to come',
    [
      [1, planned([1, 2])],
      [3, delivered(1, 2)],
    ],
    'receipt',
    3,
  ],
  [
    'was released',
    [
      [2, held([1, 2])],
      [50, released(1, 2)],
    ],
    'protection',
    50,
  ],
])('knows what an email waits for that %s', (_what, story, stage, second) => {
  const email = emailOf(happened([BO, KIM], story))!;
  expect(stageOf(email)).toEqual(stage === null ? null : { stage, since: happened.time(second) });
});

it('knows since when a receipt is on its way to the sender, and that it is no longer however that ended', () => {
  const issued = (second: number, kind: 'interim' | 'final'): Story[number] => [
    second,
    {
      name: 'ReceiptIssued',
      data: {
        kind,
        content: { contentId: newContentId(), size: 1, sha256: Sha256.parse('0'.repeat(64)) },
        outcome: kind === 'final' ? 'sent' : 'in-progress',
        issuedAt: happened.time(second),
        holds: 0,
        decisions: 0,
        setbacks: 0,
        reminder: 0,
      },
      personal: { recipient: Address.parse('anna@demo.example') },
    },
  ];
  const toSender = (event: NewEvent) =>
    ({ ...event, data: { ...event.data, recipientIds: [SENDER_RECIPIENT] } }) as NewEvent;
  const sent: Story = [
    [1, planned([1])],
    [3, delivered(1)],
  ];
  const after = (...story: Story) => stageOf(emailOf(happened([BO], [...sent, ...story]))!);
  const waiting = { stage: 'receipt-mail', since: happened.time(4) };
  expect(after(issued(4, 'final'))).toEqual(waiting);
  expect(after(issued(4, 'final'), [9, toSender(started(1))], [10, toSender(deferred(1))])).toEqual(waiting);
  expect(after(issued(2, 'interim'), issued(4, 'final'), [9, toSender(delivered(1))])).toEqual(waiting);
  for (const end of [delivered(1), bounced(1), expired(1), unknown('hold', 1)])
    expect(after(issued(4, 'final'), [9, toSender(end)])).toBeNull();
});

it('knows that a person is waited for once the sender was told, and nothing once it is finished', () => {
  const told = (outcome: 'sent' | 'not-sent', holds: number): Story[number] => [
    9,
    {
      name: 'ReceiptIssued',
      data: {
        kind: 'final',
        content: null,
        outcome,
        issuedAt: happened.time(9),
        holds,
        decisions: 0,
        setbacks: 0,
        reminder: 0,
      },
      personal: { recipient: Address.parse('anna@demo.example') },
    },
  ];
  const waiting = emailOf(happened([BO], [[2, held([1])], told('not-sent', 1)]))!;
  expect(stageOf(waiting)).toEqual({ stage: 'decision', since: happened.time(2) });
  expect(
    stageOf(emailOf(happened([BO], [[1, planned([1])], [3, delivered(1)], told('sent', 0)]))!),
  ).toBeNull();
});
