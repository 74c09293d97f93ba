// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import {
  BO,
  deferred,
  delivered,
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

/** That a retry is due so many seconds after acceptance. */
const deferredUntil = (second: number, ...ordinals: number[]) => {
  const event = deferred(...ordinals);
  return event.name === 'Deferred'
    ? { ...event, data: { ...event.data, nextAttemptAt: happened.time(second) } }
    : event;
};

it.each<[what: string, story: Parameters<typeof happened>[1], seconds: number | null]>([
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

it.each<[what: string, story: Parameters<typeof happened>[1], stage: string | null, second: number]>([
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

it('knows that a person is waited for once the sender was told, and nothing once it is finished', () => {
  const told = (outcome: 'sent' | 'not-sent', holds: number): Parameters<typeof happened>[1][number] => [
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
