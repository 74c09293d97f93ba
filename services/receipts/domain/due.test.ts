// SPDX-License-Identifier: Apache-2.0
import type { NewEvent } from '@securemail/contracts';
import { beginHistory, happened } from '../testing/happened.ts';
import {
  accepted,
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
  unknown,
  unproven,
} from '../testing/story.ts';
import { dueOf, isPromised, type Due } from './due.ts';
import { emailOf } from './fold.ts';
import { settledAt } from './standing.ts';

const TIMING = { interimAfterMinutes: 8, gatherSeconds: 5, remindAfterHours: [24, 72] };
const [MINUTE, HOUR] = [60, 3_600];
const timeOf = happened.time;

/** What is told over four days: at which second, and what. Whatever is told is heard at once. */
function toldOver(story: readonly (readonly [second: number, event: NewEvent])[], inbound = false) {
  const { events, hear } = beginHistory();
  const acceptance = accepted({ to: [BO, KIM], acceptedAt: timeOf(0), inbound });
  const begun = inbound ? [acceptance] : [acceptance, planned([1, 2])];
  const waiting = [
    ...begun.map((event) => [0, event] as const),
    ...story.flatMap(([second, event]) => [
      [second, event] as const,
      ...(event.name === 'EmailReleased' ? [[second, planned([1])] as const] : []),
    ]),
  ];
  const told: [second: number, due: Due][] = [];
  for (let second = 0; second < 96 * HOUR; second += second < 4 * HOUR ? 1 : 30) {
    while (waiting[0] !== undefined && waiting[0][0] <= second) hear(...waiting.shift()!);
    const email = emailOf(events)!;
    const due = dueOf(email, TIMING, new Date(timeOf(second)));
    if (due === null) continue;
    told.push([second, due]);
    if (due === 'deadline') {
      expect(isPromised(email)).toBe(true);
      hear(second, {
        name: 'DeadlineMissed',
        data: { deadlineAt: timeOf(600), recipientIds: [] },
        personal: null,
      });
      if (inbound) continue;
    }
    const { holds, decisions, setbacks } = email;
    const reminder = due === 'reminder' ? email.reminders + 1 : 0;
    const outcome = settledAt(email) === null ? 'in-progress' : 'sent';
    const counted = { holds, decisions, setbacks, reminder };
    const data = { kind: due, content: null, outcome, issuedAt: timeOf(second), ...counted };
    hear(second, { name: 'ReceiptIssued', data, personal: null } as unknown as NewEvent);
  }
  return told;
}

/** At the first look after it was due. */
const after = (second: number) => (second < 4 * HOUR ? second + 1 : second + 30);
const LATE = [
  [after(8 * MINUTE), 'interim'],
  [after(10 * MINUTE), 'deadline'],
] as const;

describe('what a sender is told, each thing once', () => {
  it.each([
    [
      'held, and another deferred',
      [
        [1, held([1])],
        [2, deferred(2)],
        [80 * HOUR, delivered(2)],
      ],
      [
        [after(6), 'partial'],
        ...LATE,
        [after(24 * HOUR), 'reminder'],
        [after(72 * HOUR), 'reminder'],
        [80 * HOUR, 'final'],
      ],
    ],
    [
      'held and decided about again and again, and another deferred',
      [
        [1, held([1])],
        [2, deferred(2)],
        [4, released(1)],
        [7, held([1])],
        [10, released(1)],
        [13, held([1])],
        [16, rejected('Birgit', 1)],
        [80 * HOUR, delivered(2)],
      ],
      [[after(6), 'partial'], [after(15), 'partial'], ...LATE, [80 * HOUR, 'final']],
    ],
    [
      'held one after the other, and nobody else',
      [
        [1, held([1])],
        [3, held([2], 'domain-not-found')],
      ],
      [
        [3, 'final'],
        [after(24 * HOUR), 'reminder'],
        [after(72 * HOUR), 'reminder'],
      ],
    ],
    [
      'held, and another sent',
      [
        [1, held([1])],
        [4, delivered(2)],
      ],
      [
        [4, 'final'],
        [after(24 * HOUR), 'reminder'],
        [after(72 * HOUR), 'reminder'],
      ],
    ],
    [
      'held, released, and deferred then',
      [
        [1, held([1])],
        [2, delivered(2)],
        [HOUR, released(1)],
        [HOUR + 1, deferred(1)],
        [3 * HOUR, delivered(1)],
      ],
      [
        [2, 'final'],
        [after(HOUR + 5), 'partial'],
        [after(HOUR + 8 * MINUTE), 'interim'],
        [3 * HOUR, 'final'],
      ],
    ],
    [
      'held, released, and sent then',
      [
        [1, held([1])],
        [2, delivered(2)],
        [HOUR, released(1)],
        [HOUR + 4, delivered(1)],
      ],
      [
        [2, 'final'],
        [HOUR + 4, 'final'],
      ],
    ],
    [
      'rejected, and another deferred',
      [
        [1, held([1])],
        [2, deferred(2)],
        [20, rejected('Ida Iversen', 1)],
        [HOUR, delivered(2)],
      ],
      [[after(6), 'partial'], [after(25), 'partial'], ...LATE, [HOUR, 'final']],
    ],
    [
      'the end of the hold, and another deferred',
      [
        [1, held([1])],
        [2, deferred(2)],
        [30 * HOUR, rejected(null, 1)],
        [40 * HOUR, delivered(2)],
      ],
      [
        [after(6), 'partial'],
        ...LATE,
        [after(24 * HOUR), 'reminder'],
        [after(30 * HOUR), 'partial'],
        [40 * HOUR, 'final'],
      ],
    ],
    [
      'perhaps sent and left to a person, and another deferred',
      [
        [MINUTE, deferred(2)],
        [MINUTE, unknown('hold', 1)],
        [HOUR, delivered(2)],
      ],
      [
        [after(MINUTE + 5), 'partial'],
        ...LATE,
        [HOUR, 'final'],
        [after(24 * HOUR + MINUTE), 'reminder'],
        [after(72 * HOUR + MINUTE), 'reminder'],
      ],
    ],
    [
      'refused, and another deferred',
      [
        [1, bounced(1)],
        [2, deferred(2)],
        [HOUR, delivered(2)],
      ],
      [[after(6), 'partial'], ...LATE, [HOUR, 'final']],
    ],
    [
      'refused one after the other, and nobody else',
      [
        [1, bounced(1)],
        [3, bounced(2)],
      ],
      [[3, 'final']],
    ],
    [
      'given up after two days, and another perhaps sent that is tried again',
      [
        [1, unproven(2)],
        [2, unknown('send-again', 1)],
        [48 * HOUR, expired(2)],
        [49 * HOUR, delivered(1)],
      ],
      [[after(6), 'partial'], ...LATE, [after(48 * HOUR), 'partial'], [49 * HOUR, 'final']],
    ],
    [
      'to a server that does not prove itself, at each try',
      [
        [1, unproven(1)],
        [2, delivered(2)],
        [61, unproven(1)],
        [HOUR, unproven(1)],
        [HOUR + MINUTE, deferred(1)],
        [2 * HOUR, unproven(1)],
        [48 * HOUR, expired(1)],
      ],
      [[after(6), 'partial'], ...LATE, [48 * HOUR, 'final']],
    ],
    [
      'to a server that does not prove itself, and then refuses, and another deferred',
      [
        [1, unproven(1)],
        [1, deferred(2)],
        [61, bounced(1)],
        [HOUR, delivered(2)],
      ],
      [[after(6), 'partial'], [after(66), 'partial'], ...LATE, [HOUR, 'final']],
    ],
    [
      'to two servers that do not prove themselves, within moments',
      [
        [1, unproven(1)],
        [3, unproven(2)],
        [MINUTE, delivered(1, 2)],
      ],
      [
        [after(6), 'partial'],
        [MINUTE, 'final'],
      ],
    ],
    [
      'of two who are held one decided about after the first reminder, and no reminder twice',
      [
        [1, held([1, 2])],
        [30 * HOUR, rejected('Ida Iversen', 1)],
      ],
      [
        [1, 'final'],
        [after(24 * HOUR), 'reminder'],
        [30 * HOUR, 'final'],
        [after(72 * HOUR), 'reminder'],
      ],
    ],
    [
      'held long after acceptance, where the one receipt tells both',
      [
        [2, deferred(2)],
        [8 * MINUTE, held([1])],
        [9 * MINUTE, delivered(2)],
      ],
      [
        [after(8 * MINUTE), 'interim'],
        [9 * MINUTE, 'final'],
        [after(24 * HOUR + 8 * MINUTE), 'reminder'],
        [after(72 * HOUR + 8 * MINUTE), 'reminder'],
      ],
    ],
  ] as [string, [number, NewEvent][], [number, Due][]][])('%s', (_, happened, expected) => {
    expect(toldOver(happened)).toEqual(expected);
  });

  it('of a mail from outside the postmaster is told that it was refused, and not that a server does not prove itself', () => {
    const refused = [[1, bounced(1)] as const, [2, unproven(2)] as const, [HOUR, delivered(2)] as const];
    expect(toldOver(refused, true).map(([, due]) => due)).toEqual(['partial', 'deadline', 'final']);
    const late = [[1, unproven(1)] as const, [HOUR, delivered(1, 2)] as const];
    expect(toldOver(late, true).map(([, due]) => due)).toEqual(['deadline']);
  });

  it('of a mail from outside the postmaster is told of a hold, and not that it takes long', () => {
    const happened = [[1, held([1])] as const, [2, deferred(2)] as const, [HOUR, delivered(2)] as const];
    expect(toldOver(happened, true)).toEqual([
      [after(6), 'partial'],
      [after(10 * MINUTE), 'deadline'],
      [HOUR, 'final'],
      [after(24 * HOUR), 'reminder'],
      [after(72 * HOUR), 'reminder'],
    ]);
  });
});
