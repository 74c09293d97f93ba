// SPDX-License-Identifier: Apache-2.0
import {
  newAttemptId,
  newContentId,
  newEmailId,
  newEventId,
  recipientId,
  RECEIPT_MESSAGE,
  SENDER_RECIPIENT,
  protectedMessageId,
  Sha256,
  TenantId,
  CATALOGUE,
  type DataOf,
  type DomainEvent,
  type EventName,
} from '@securemail/contracts';
import fc from 'fast-check';
import { dueOf, isPromised, newsSince, remindAt } from './due.ts';
import { emailOf } from './fold.ts';
import { isAsTold } from './in-vain.ts';
import { promiseOf, settledFirstAt } from './promise.ts';
import { isTold, outcomeOf, settledAt, stateOf } from './standing.ts';

const [r1, r2] = [recipientId(1), recipientId(2)];
const emailId = newEmailId();
const content = { contentId: newContentId(), size: 1, sha256: Sha256.parse('0'.repeat(64)) };
const attempt = (...recipientIds: (typeof r1)[]) => ({
  attemptId: newAttemptId(),
  protectedMessageId: protectedMessageId(1),
  recipientIds,
});
const reply = { code: 250, enhancedCode: '2.0.0' };
const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;

type Said = { [N in EventName]: [N, DataOf<N>] }[EventName];

const planFor = (recipientIds: readonly (typeof r1)[]): Said => [
  'ProtectionPlanned',
  {
    messages: [],
    recipients: recipientIds.map((id) => ({ recipientId: id, method: 'smime-personal', passedOver: [] })),
  },
];

/**
 * A story, told by the services: each event gets the next place in its service's stream, a second later; with the
 * acceptance and each release comes a plan.
 */
function story(...told: Said[]): DomainEvent[] {
  const places: Record<string, number> = {};
  const whole = told.flatMap((said, second) =>
    (said[0] === 'EmailAccepted' || said[0] === 'EmailReleased'
      ? [said, planFor(said[1].recipientIds)]
      : [said]
    ).map((each) => ({
      each,
      second,
    })),
  );
  return whole.map(({ each: [name, data], second }) => {
    const source = CATALOGUE[name].service;
    places[source] = (places[source] ?? 0) + 1;
    const attributes = { id: newEventId(), version: 1, source, tenantId: TenantId.parse('demo'), emailId };
    return {
      ...attributes,
      name,
      data,
      time: at(second),
      sequence: places[source],
      traceparent: null,
      personal: null,
      erased: true,
    };
  }) as DomainEvent[];
}

const ACCEPTED: ['EmailAccepted', DataOf<'EmailAccepted'>] = [
  'EmailAccepted',
  {
    channel: 'rest',
    direction: 'outbound',
    secureBy: 'api',
    arrival: null,
    guards: [],
    submittedBy: 'demo',
    automatic: null,
    handedIn: null,
    hideSubject: false,
    wroteInMailbox: [],
    content,
    recipientIds: [r1, r2],
    acceptedAt: at(0),
    deadlineAt: '2026-01-01T00:10:00.000Z',
  },
];
const started = (...ids: (typeof r1)[]): ['DeliveryAttemptStarted', DataOf<'DeliveryAttemptStarted'>] => [
  'DeliveryAttemptStarted',
  { ...attempt(...ids), ordinal: 1, placeSince: null },
];
const delivered = (...ids: (typeof r1)[]): ['Delivered', DataOf<'Delivered'>] => [
  'Delivered',
  { ...attempt(...ids), reply, tls: null },
];
const held = (...recipientIds: (typeof r1)[]): ['EmailHeld', DataOf<'EmailHeld'>] => [
  'EmailHeld',
  { recipientIds, because: 'no-secure-method', endsAt: null },
];
const deferred: ['Deferred', DataOf<'Deferred'>] = [
  'Deferred',
  {
    ...attempt(r1),
    phase: 'rcpt-to',
    reply: { code: 450, enhancedCode: null },
    failure: null,
    nextAttemptAt: at(59),
  },
];
const bounced = (...ids: (typeof r1)[]): ['Bounced', DataOf<'Bounced'>] => [
  'Bounced',
  { ...attempt(...ids), phase: 'rcpt-to', reply: { code: 550, enhancedCode: '5.1.1' }, failure: null },
];
const unknown = (next: 'send-again' | 'hold'): ['OutcomeUnknown', DataOf<'OutcomeUnknown'>] => [
  'OutcomeUnknown',
  { ...attempt(r1), next, nextAttemptAt: next === 'hold' ? null : at(59) },
];

const reported = (
  action: DataOf<'DeliveryReported'>['action'],
  ...recipientIds: (typeof r1)[]
): ['DeliveryReported', DataOf<'DeliveryReported'>] => [
  'DeliveryReported',
  { recipientIds, action, status: '5.1.1', reply: null, reportedAt: at(50) },
];

describe('the promise', () => {
  const dueAt = (second: number): typeof ACCEPTED => [
    ACCEPTED[0],
    { ...ACCEPTED[1], deadlineAt: at(second) },
  ];
  const releasedAll: Said = ['EmailReleased', { recipientIds: [r1, r2], keyId: 'key', guards: [] }];
  const missed: Said = ['DeadlineMissed', { deadlineAt: at(3), recipientIds: [r1, r2] }];

  it.each<[string, string, Said[]]>([
    ['is open as long as somebody is under way', 'open', [dueAt(3), started(r1), delivered(r1)]],
    ['is kept by what was sent in time', 'kept', [dueAt(3), started(r1), delivered(r1, r2)]],
    ['is kept where it was to somebody', 'kept', [dueAt(3), bounced(r1), delivered(r2)]],
    ['is missed by what was sent late', 'missed', [dueAt(1), started(r1), delivered(r1, r2)]],
    ['is missed by what was returned late', 'missed', [dueAt(1), started(r1), bounced(r1, r2)]],
    ['is missed once that was said, whatever follows', 'missed', [dueAt(1), missed, delivered(r1, r2)]],
    ['counts nothing that was returned in time', 'none', [dueAt(3), bounced(r1, r2)]],
    ['counts nothing that is held', 'none', [dueAt(3), held(r1, r2)]],
    ['counts nothing that a person let go', 'none', [dueAt(3), held(r1, r2), releasedAll, delivered(r1, r2)]],
    [
      'stays kept where one is held and let go later',
      'kept',
      [dueAt(3), delivered(r1), held(r2), releasedAll],
    ],
    [
      'stays kept where it is reported back',
      'kept',
      [dueAt(3), delivered(r1, r2), reported('failed', r1, r2)],
    ],
  ])('%s', (_, promise, told) => {
    expect(promiseOf(emailOf(story(...told))!)).toBe(promise);
  });

  it('was settled when it was so first: what is reported later moves nothing', () => {
    const email = emailOf(
      story(dueAt(3), delivered(r1, r2), reported('delivered', r1), reported('failed', r1)),
    )!;
    expect([settledAt(email), settledFirstAt(email.recipients)]).toEqual([at(3), at(1)]);
  });
});

it('is not settled before it is heard how it went, and missed no deadline by that', () => {
  const whole = story(ACCEPTED, started(r1, r2), delivered(r1, r2));
  const early = emailOf(whole.filter(({ name }) => name !== 'ProtectionPlanned'))!;
  expect([settledAt(early), stateOf(early), isPromised(early)]).toEqual([null, 'in-progress', false]);
  expect([settledAt(emailOf(whole)!), stateOf(emailOf(whole)!)]).toEqual([at(2), 'sent']);
});

describe('a release', () => {
  const letGo = (...recipientIds: (typeof r1)[]): Said => [
    'EmailReleased',
    { recipientIds, keyId: 'key', guards: [] },
  ];
  const heldFor = (because: DataOf<'EmailHeld'>['because'], ...recipientIds: (typeof r1)[]): Said => [
    'EmailHeld',
    { recipientIds, because, endsAt: null },
  ];
  const told = (
    kind: DataOf<'ReceiptIssued'>['kind'],
    counts: { holds: number; decisions: number },
  ): Said => {
    const outcome = kind === 'final' ? 'not-sent' : 'in-progress';
    const issued = { content, outcome, issuedAt: at(3), setbacks: 0, reminder: 0 } as const;
    return ['ReceiptIssued', { kind, ...issued, ...counts }];
  };
  const first = [held(r1, r2), told('final', { holds: 1, decisions: 0 })];

  it.each<[string, boolean, Said[]]>([
    ['after which all are held again for the same reason', true, [letGo(r1, r2), held(r1, r2)]],
    ['of some of them', true, [letGo(r2), held(r2)]],
    ['twice', true, [letGo(r1), held(r1), letGo(r1, r2), held(r1), held(r2)]],
    [
      'after which somebody is held for another reason',
      false,
      [letGo(r1), heldFor('certificate-expired', r1)],
    ],
    ['after which somebody is not held', false, [letGo(r1, r2), held(r2), started(r1), delivered(r1)]],
    [
      'of which it was told that it is under way',
      false,
      [letGo(r1), told('interim', { holds: 1, decisions: 1 }), held(r1)],
    ],
    ...(['partial', 'interim', 'deadline'] as const).map((kind): [string, boolean, Said[]] => [
      `of which a receipt of the kind ${kind} told, and all was sent then`,
      false,
      [
        letGo(r1, r2),
        told(kind, { holds: 1, decisions: 1 }),
        started(r1),
        delivered(r1),
        started(r2),
        delivered(r2),
      ],
    ]),
    ['beside another one', false, [letGo(r1), letGo(r2), held(r1, r2)]],
    [
      'before a rejection',
      false,
      [
        letGo(r1),
        held(r1),
        ['EmailRejected', { recipientIds: [r1], because: 'rejected-by-person', keyId: 'key' }],
      ],
    ],
  ])('changed nothing where it is one %s: %s', (_, expected, after) => {
    expect(isAsTold(emailOf(story(ACCEPTED, ...first, ...after))!)).toBe(expected);
  });

  it('is told where nothing was told before', () => {
    expect(isAsTold(emailOf(story(ACCEPTED, held(r1, r2), letGo(r1, r2), held(r1, r2)))!)).toBe(false);
  });
});

it('of who was held and let go is not settled before it is heard how it went then', () => {
  const letGo: Said = ['EmailReleased', { recipientIds: [r1, r2], keyId: 'key', guards: [] }];
  const whole = story(ACCEPTED, held(r1, r2), letGo, started(r1, r2), delivered(r1, r2));
  const plans = whole.filter(({ name }) => name === 'ProtectionPlanned');
  const heard = whole.filter((event) => event !== plans[1]);
  expect([settledAt(emailOf(heard)!), stateOf(emailOf(heard)!)]).toEqual([null, 'in-progress']);
  expect(stateOf(emailOf(whole)!)).toBe('sent');
  // Nor where the release is unheard, too: how it was to go before is not how it went.
  const early = emailOf(heard.filter(({ name }) => name !== 'EmailReleased'))!;
  expect(settledAt(early)).toBeNull();
  expect(early.recipients.map(({ method, state }) => [method, state.status])).toEqual([
    [null, 'sent'],
    [null, 'sent'],
  ]);
});

it('tells no news as long as only the plan is unheard, and of who is sent no way but the one it went', () => {
  const timing = { interimAfterMinutes: 8, gatherSeconds: 5, remindAfterHours: [24] };
  const much = new Date(Date.parse(at(59)) + 30 * 3_600_000);
  const letGo: Said = ['EmailReleased', { recipientIds: [r1], keyId: 'key', guards: [] }];
  const begun: Said[] = [ACCEPTED, held(r1, r2), letGo, started(r1), delivered(r1)];
  for (const whole of [story(...begun), story(ACCEPTED, held(r1), started(r2), delivered(r2))]) {
    const plans = whole.filter(({ name }) => name === 'ProtectionPlanned');
    const heard = whole.filter((event) => event !== plans.at(-1));
    expect(heard.length).toBe(whole.length - 1);
    expect(dueOf(emailOf(heard)!, timing, much)).toBeNull();
    expect(dueOf(emailOf(whole)!, timing, much)).toBe('final');
  }
  const other = story(ACCEPTED, held(r1), letGo, started(r1), delivered(r1), started(r2));
  const last = other.findLast(({ name }) => name === 'ProtectionPlanned');
  const heard = emailOf(other.filter((event) => event !== last))!;
  expect(dueOf(heard, { ...timing, interimAfterMinutes: 10_000 }, new Date(at(59)))).toBe('partial');
  expect(heard.recipients[0]?.method).toBeNull();
});

describe('what the other side reports later', () => {
  const whole = [ACCEPTED, started(r1, r2), delivered(r1, r2)] as const;

  it('counts, whichever service is heard first', () => {
    const events = story(...whole, reported('failed', r2));
    for (const order of [events, events.toReversed()]) {
      const email = emailOf(order)!;
      expect(stateOf(email)).toBe('partly-sent');
      expect(email.recipients[1]?.state).toMatchObject({ status: 'bounced', failure: 'reported-later' });
      expect(email.decisions).toBe(1);
    }
  });

  it('changes nothing about who has read it in SecureMailBox, whichever service is heard first', () => {
    const opened: Said = [
      'MailboxMessageOpened',
      { protectedMessageId: protectedMessageId(1), recipientIds: [r2], openedAt: at(3) },
    ];
    const events = story(...whole, opened, reported('failed', r1, r2));
    for (const order of [events, events.toReversed()]) {
      const email = emailOf(order)!;
      expect(email.recipients.map(({ state }) => state.status)).toEqual(['bounced', 'sent']);
      expect(email.recipients[1]?.openedAt).toBe(at(3));
    }
  });

  it.each(['delayed', 'delivered', 'relayed', 'expanded'] as const)('changes nothing: %s', (action) => {
    expect(emailOf(story(...whole, reported(action, r1, r2)))).toEqual(emailOf(story(...whole)));
  });

  it('changes nothing about who was not sent to, and is told once', () => {
    const bounce = emailOf(story(ACCEPTED, started(r1), bounced(r1), reported('failed', r1)))!;
    expect([bounce.decisions, bounce.recipients[0]?.state]).toMatchObject([0, { failure: null }]);
    expect(emailOf(story(...whole, reported('failed', r2), reported('failed', r2)))!.decisions).toBe(1);
  });
});

describe('what the other side reports of a mail that perhaps arrived', () => {
  const hoursApart = (events: DomainEvent[]) =>
    events.map((event, hour) => ({ ...event, time: `2026-01-01T0${hour}:00:00.000Z` }));
  const unsure = [ACCEPTED, started(r1), unknown('hold')] as const;

  it('settles that it did not', () => {
    const email = emailOf(hoursApart(story(...unsure, reported('failed', r1))))!;
    expect([email.decisions, email.recipients[0]?.state.status]).toEqual([1, 'bounced']);
  });

  it('takes back nothing that was confirmed of a later copy', () => {
    const copy: ['Delivered', DataOf<'Delivered'>] = [
      'Delivered',
      { ...attempt(r1), protectedMessageId: protectedMessageId(2), reply, tls: null },
    ];
    const email = emailOf(hoursApart(story(...unsure, reported('failed', r1), copy)))!;
    expect([email.decisions, email.recipients[0]?.state.status]).toEqual([0, 'sent']);
  });
});

describe('where an email stands', () => {
  it.each([
    ['accepted', [ACCEPTED]],
    ['in-progress', [ACCEPTED, started(r1)]],
    ['in-progress', [ACCEPTED, started(r1, r2), delivered(r1)]],
    ['in-progress', [ACCEPTED, held(r2), started(r1), deferred]],
    ['in-progress', [ACCEPTED, held(r2), started(r1), unknown('send-again')]],
    ['sent', [ACCEPTED, started(r1, r2), delivered(r1, r2)]],
    ['sent', [ACCEPTED, started(r1), unknown('send-again'), started(r1), delivered(r1, r2)]],
    ['partly-sent', [ACCEPTED, held(r2), started(r1), delivered(r1)]],
    ['partly-sent', [ACCEPTED, started(r1, r2), delivered(r1), bounced(r2)]],
    ['held', [ACCEPTED, held(r1, r2)]],
    ['held', [ACCEPTED, bounced(r2), started(r1), unknown('hold')]],
    ['not-sent', [ACCEPTED, started(r1, r2), bounced(r1, r2)]],
  ] as const)('is %s (%#)', (state, told) => {
    const email = emailOf(story(...told))!;
    expect(stateOf(email)).toBe(state);
    expect(settledAt(email) === null).toBe(state === 'accepted' || state === 'in-progress');
  });

  it('follows who is sent to again after nobody knew whether it arrived, whichever service is heard first', () => {
    const message = (ordinal: number, ...ids: (typeof r1)[]) => ({
      protectedMessageId: protectedMessageId(ordinal),
      recipientIds: ids,
    });
    const made = (ordinal: number, ...ids: (typeof r1)[]): Parameters<typeof story>[number] => [
      'EmailProtected',
      {
        ...message(ordinal, ...ids),
        method: 'internal',
        content,
        deadlineAt: at(59),
        signature: null,
        encryption: null,
      },
    ];
    const began: Parameters<typeof story> = [
      ACCEPTED,
      made(1, r1, r2),
      started(r1, r2),
      delivered(r2),
      unknown('hold'),
      ['EmailHeld', { recipientIds: [r1], because: 'outcome-unknown', endsAt: null }],
    ];
    const released: Parameters<typeof story>[number] = [
      'EmailReleased',
      { recipientIds: [r1], keyId: 'x', guards: [] },
    ];
    const again: Parameters<typeof story> = [...began, released, made(2, r1)];
    const attempt2 = { ...attempt(r1), ...message(2, r1) };
    const stories = {
      'outcome-unknown': began,
      protected: again,
      sent: [...again, ['Delivered', { ...attempt2, reply, tls: null }]],
      rejected: [...began, ['EmailRejected', { recipientIds: [r1], because: 'hold-ended', keyId: null }]],
    } satisfies Record<string, Parameters<typeof story>>;
    for (const [status, told] of Object.entries(stories)) {
      const events = story(...told);
      fc.assert(
        fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (heard) => {
          const { recipients, decisions } = emailOf(heard)!;
          expect(recipients.map(({ state }) => state.status)).toEqual([status, 'sent']);
          expect(decisions).toBe(told === began ? 0 : 1);
          expect(recipients[0]!.mayBeDuplicate).toBe(status === 'protected' || status === 'sent');
        }),
      );
    }
    const ended = emailOf(story(...stories.rejected))!;
    expect(ended.recipients[0]!.state).toMatchObject({ perhapsSent: true });
    const waiting = emailOf(
      story(...began, [
        'ReceiptIssued',
        {
          kind: 'final',
          content,
          outcome: 'partly-sent',
          issuedAt: at(6),
          holds: 1,
          decisions: 0,
          setbacks: 0,
          reminder: 0,
        },
      ]),
    )!;
    expect(remindAt(waiting, [1])?.getTime()).toBe(Date.parse(at(4)) + 3_600_000);
  });

  it('lies in SecureMailBox, also once it was let go again, whichever service is heard first', () => {
    const ENDS = '2026-04-01T00:00:00.000Z';
    const toMailbox = (ordinal: number, ...ids: (typeof r1)[]): Said[] => [
      [
        'ProtectionPlanned',
        {
          messages: [],
          recipients: ids.map((id) => ({ recipientId: id, method: 'mailbox', passedOver: [] })),
        },
      ],
      [
        'EmailProtected',
        {
          protectedMessageId: protectedMessageId(ordinal),
          recipientIds: ids,
          method: 'mailbox',
          content,
          deadlineAt: at(59),
          signature: null,
          encryption: null,
        },
      ],
    ];
    const deposited = (ordinal: number, id: typeof r1): Said => [
      'MailboxMessageDeposited',
      {
        protectedMessageId: protectedMessageId(ordinal),
        recipientIds: [id],
        content,
        messageId: newEventId(),
        linkSha256: Sha256.parse('0'.repeat(64)),
        endsAt: ENDS,
      },
    ];
    const untilDeposit: Said[] = [
      ACCEPTED,
      ...toMailbox(1, r1, r2),
      deposited(1, r1),
      deposited(1, r2),
      delivered(r2),
      unknown('hold'),
      ['EmailHeld', { recipientIds: [r1], because: 'outcome-unknown', endsAt: null }],
      ['EmailReleased', { recipientIds: [r1], keyId: 'x', guards: [] }],
      ...toMailbox(2, r1),
    ];
    const afterwards: Said[] = [
      ['Delivered', { ...attempt(r1), protectedMessageId: protectedMessageId(2), reply, tls: null }],
      [
        'MailboxMessageOpened',
        { protectedMessageId: protectedMessageId(2), recipientIds: [r1], openedAt: at(50) },
      ],
    ];
    const whole = story(...untilDeposit, deposited(2, r1), ...afterwards);
    const second = whole.findLast(({ name }) => name === 'MailboxMessageDeposited')!;
    fc.assert(
      fc.property(fc.shuffledSubarray(whole, { minLength: whole.length }), (heard) => {
        const email = emailOf(heard)!;
        expect(stateOf(email)).toBe('sent');
        expect(email.recipients).toMatchObject([
          { method: 'mailbox', deposit: { at: second.time, endsAt: ENDS }, openedAt: at(50) },
          { method: 'mailbox', deposit: { endsAt: ENDS }, openedAt: null },
        ]);
      }),
    );
    const unheard = emailOf(whole.filter((event) => event !== second))!;
    expect([stateOf(unheard), settledAt(unheard)]).toEqual(['in-progress', null]);
  });

  it('is nothing as long as the acceptance has not come', () => {
    expect(emailOf(story(started(r1), delivered(r1)))).toBeNull();
  });

  it('does not depend on the order in which services are heard', () => {
    const events = story(
      ACCEPTED,
      held(r2),
      started(r1),
      deferred,
      started(r1),
      unknown('send-again'),
      started(r1),
      delivered(r1),
    );
    const expected = emailOf(events);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (heard) => {
        expect(emailOf(heard)).toEqual(expected);
      }),
    );
  });

  it('remembers that a mail may have arrived twice', () => {
    const email = emailOf(story(ACCEPTED, started(r1), unknown('send-again'), started(r1), delivered(r1)))!;
    expect(email.recipients[0]).toMatchObject({
      attempts: 2,
      mayBeDuplicate: true,
      state: { status: 'sent' },
    });
  });

  it('is settled when its outcome became unknown, where a person decides what then', () => {
    const email = emailOf(story(ACCEPTED, started(r1, r2), delivered(r2), started(r1), unknown('hold')))!;
    expect(settledAt(email)).toBe(at(4));
  });

  it('is not changed by what happens to its receipt', () => {
    const sender = { ...attempt(SENDER_RECIPIENT), protectedMessageId: RECEIPT_MESSAGE };
    const events = story(
      ACCEPTED,
      started(r1, r2),
      delivered(r1, r2),
      [
        'ReceiptIssued',
        {
          kind: 'final',
          content,
          outcome: 'sent',
          issuedAt: at(3),
          holds: 0,
          decisions: 0,
          setbacks: 0,
          reminder: 0,
        },
      ],
      ['DeliveryAttemptStarted', { ...sender, ordinal: 1, placeSince: null }],
      ['Delivered', { ...sender, reply, tls: null }],
    );
    const email = emailOf(events)!;
    expect(stateOf(email)).toBe('sent');
    expect(outcomeOf(email)).toBe('sent');
    expect(settledAt(email)).toBe(at(2));
    expect(email.receipt).toEqual({
      issuedAt: at(3),
      outcome: 'sent',
      mailed: true,
      deliveredAt: at(5),
    });
  });

  it('tells of held recipients again after each decision, and reminds of those who are still held', () => {
    const receipt = (
      decisions: number,
      reminder = 0,
    ): [name: 'ReceiptIssued', data: DataOf<'ReceiptIssued'>] => [
      'ReceiptIssued',
      {
        kind: reminder > 0 ? 'reminder' : 'final',
        content,
        outcome: 'not-sent',
        issuedAt: at(3),
        holds: 1,
        decisions,
        setbacks: 0,
        reminder,
      },
    ];
    const held: [name: 'EmailHeld', data: DataOf<'EmailHeld'>] = [
      'EmailHeld',
      { recipientIds: [r1, r2], because: 'no-certificate', endsAt: null },
    ];
    const since = Date.parse(at(1));
    const after = (...receipts: ReturnType<typeof receipt>[]) => emailOf(story(ACCEPTED, held, ...receipts))!;
    const reminded = (...receipts: ReturnType<typeof receipt>[]) =>
      remindAt(after(...receipts), [1, 2])?.getTime() ?? null;
    expect(isTold(after())).toBe(false);
    expect(reminded()).toBeNull();
    expect(reminded(receipt(0))).toBe(since + 3_600_000);
    expect(reminded(receipt(0), receipt(0, 1))).toBe(since + 7_200_000);
    expect(reminded(receipt(0), receipt(0, 1), receipt(0, 2))).toBeNull();

    const decided = [
      ACCEPTED,
      held,
      ['EmailRejected', { recipientIds: [r1], because: 'rejected-by-person', keyId: 'console' }],
      ['EmailReleased', { recipientIds: [r2], keyId: 'console', guards: [] }],
      receipt(0),
    ] satisfies Parameters<typeof story>;
    const under = emailOf(story(...decided))!;
    expect(under.recipients.map(({ state }) => state.status)).toEqual(['rejected', 'released']);
    expect([isTold(under), settledAt(under), stateOf(under)]).toEqual([false, null, 'in-progress']);
    expect(remindAt(under, [1])).toBeNull();
    const sent = emailOf(story(...decided, delivered(r2), receipt(2)))!;
    expect([isTold(sent), stateOf(sent)]).toEqual([true, 'partly-sent']);
  });

  it('takes the arrival of an interim receipt for nothing else, in whatever order they are heard', () => {
    const sender = { ...attempt(SENDER_RECIPIENT), protectedMessageId: RECEIPT_MESSAGE };
    const arrived: Parameters<typeof story>[number] = ['Delivered', { ...sender, reply, tls: null }];
    const issued = (kind: 'interim' | 'final'): Parameters<typeof story>[number] => [
      'ReceiptIssued',
      { kind, content, outcome: 'sent', issuedAt: at(3), holds: 0, decisions: 0, setbacks: 0, reminder: 0 },
    ];
    const settled = [ACCEPTED, started(r1, r2), delivered(r1, r2)] satisfies Parameters<typeof story>;
    expect(emailOf(story(...settled, arrived))?.receipt).toBeNull();
    const delayed = emailOf(story(...settled, issued('interim'), arrived))!;
    expect([delayed.receipt, delayed.delayToldAt, isTold(delayed)]).toEqual([null, at(3), false]);
    const early = emailOf(story(...settled, issued('interim'), arrived, issued('final')))!;
    expect(early.receipt).toMatchObject({ outcome: 'sent', mailed: true, deliveredAt: null });
    const both = emailOf(story(...settled, issued('interim'), arrived, issued('final'), arrived))!;
    expect(both.receipt?.deliveredAt).not.toBeNull();
  });

  it('counts once who was refused and whose server does not prove itself, in whatever order services are heard', () => {
    const unproven: Said = [
      'Deferred',
      { ...attempt(r1), phase: 'tls', reply: null, failure: 'tls-not-verified', nextAttemptAt: at(59) },
    ];
    const told: Said = [
      'ReceiptIssued',
      {
        kind: 'partial',
        content,
        outcome: 'in-progress',
        issuedAt: at(6),
        holds: 0,
        decisions: 0,
        setbacks: 1,
        reminder: 0,
      },
    ];
    const expired: Said = [
      'DeliveryExpired',
      { protectedMessageId: protectedMessageId(1), recipientIds: [r1], attempts: 2 },
    ];
    const events = story(ACCEPTED, started(r1), unproven, started(r1), unproven, bounced(r2), told, expired);
    const known = emailOf(events.slice(0, -1))!;
    expect([known.setbacks, newsSince(known)]).toEqual([2, at(5)]);
    expect(emailOf(events)?.recipients[0]?.state).toMatchObject({
      status: 'expired',
      failure: 'tls-not-verified',
    });
    expect(emailOf(events)?.setbacks).toBe(3);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(emailOf(shuffled)).toEqual(emailOf(events));
      }),
    );
  });

  it('of eight times as many recipients takes about eight times as long', () => {
    const milliseconds = (count: number) => {
      const ids = Array.from({ length: count }, (_, index) => recipientId(index + 1));
      const [name, data] = ACCEPTED;
      const events = story(
        [name, { ...data, recipientIds: ids }],
        ...ids.flatMap((id) => [started(id), delivered(id)]),
      );
      const begun = performance.now();
      expect(stateOf(emailOf(events)!)).toBe('sent');
      return performance.now() - begun;
    };
    // The quietest of several rounds: what else the machine does can make either longer.
    const ratios = Array.from({ length: 6 }, () => milliseconds(8_000) / milliseconds(1_000));
    expect(Math.min(...ratios)).toBeLessThan(24);
  });

  it('tells a missed deadline also after the mail was sent', () => {
    const events = story(
      ACCEPTED,
      ['DeadlineMissed', { deadlineAt: at(10), recipientIds: [r1] }],
      started(r1, r2),
      delivered(r1, r2),
    );
    expect(emailOf(events)).toMatchObject({ deadlineMissed: true });
  });
});
