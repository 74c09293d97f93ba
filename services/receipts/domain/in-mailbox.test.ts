// SPDX-License-Identifier: Apache-2.0
import {
  newEmailId,
  newEventId,
  protectedMessageId,
  recipientId,
  type DomainEvent,
  type Language,
} from '@securemail/contracts';
import type { Email, Recipient, RecipientState } from './email.ts';
import { isHeard } from './standing.ts';
import { messagesOf } from './webhook-message.ts';
import { headlineHowItWent, sentenceFor, WORDS } from './wording.ts';

const at = '2026-11-29T10:00:00.000Z';
const endsAt = '2027-02-27T10:00:00.000Z';
const SENT: RecipientState = { status: 'sent', at, reply: { code: 250, enhancedCode: null }, tls: null };
const BOUNCED: RecipientState = {
  status: 'bounced',
  at,
  reply: { code: 550, enhancedCode: '5.1.1' },
  failure: null,
};
const recipient = (more: Partial<Recipient> = {}): Recipient => ({
  recipientId: recipientId(1),
  method: 'mailbox',
  isPlanned: true,
  passedOver: [],
  attempts: 1,
  state: SENT,
  released: null,
  corrected: null,
  mayBeDuplicate: false,
  deposit: { at, endsAt },
  awaitsDeposit: false,
  settledFirst: null,
  openedAt: null,
  ...more,
});

it('how it went is not heard before the deposit is', () => {
  expect(isHeard(recipient())).toBe(true);
  expect(isHeard(recipient({ deposit: null, awaitsDeposit: true }))).toBe(false);
});

describe('what the sender is told', () => {
  it.each<[Language, RegExp, RegExp, RegExp]>([
    [
      'en',
      /^It has been in SecureMailBox since 29 November 2026 .* until 27 February 2027 .* sent 29 November 2026 .*\.$/,
      / The recipient opened it 29 November 2026 at 10:00 UTC\.$/,
      /^Not sent: the mail that tells of it in SecureMailBox could not be delivered: .*\(550 5\.1\.1\)\. Check/,
    ],
    [
      'da',
      /^Den har ligget i SecureMailBox siden den 29\. november 2026 .* indtil den 27\. februar 2027 .* sendt den 29\. november 2026 .*\.$/,
      / Modtageren åbnede den 29\. november 2026 kl\. 10\.00 UTC\.$/,
      /^Ikke sendt: mailen, der fortæller, at den ligger i SecureMailBox, kunne ikke leveres: .*\(550 5\.1\.1\)\./,
    ],
    [
      'de',
      /^Sie liegt seit dem 29\. November 2026 .* bis zum 27\. Februar 2027 .* am 29\. November 2026 .* gesendet\.$/,
      / Der Empfänger hat sie am 29\. November 2026 um 10:00 UTC geöffnet\.$/,
      /^Nicht gesendet: die Mail, die auf SecureMailBox hinweist, konnte nicht zugestellt werden: .*\(550 5\.1\.1\)\./,
    ],
  ])('in %s', (language, sent, opened, bounced) => {
    expect(sentenceFor(recipient(), language)).toMatch(sent);
    expect(sentenceFor(recipient({ openedAt: at }), language)).toMatch(opened);
    expect(sentenceFor(recipient({ state: BOUNCED }), language)).toMatch(bounced);
  });

  it('is that the notification may have come twice, and not the mail', () => {
    expect(sentenceFor(recipient({ mayBeDuplicate: true }), 'en')).toMatch(/, perhaps more than once\.$/);
  });
});

it('webhooks are told once of openings that are heard together, and who has opened it', () => {
  const email: Email = {
    emailId: newEmailId(),
    direction: 'outbound',
    acceptedAt: at,
    deadlineAt: at,
    recipients: [recipient({ openedAt: at })],
    receipt: null,
    receiptsUnderWaySince: null,
    deadlineMissed: false,
    delayToldAt: null,
    holds: 0,
    heldAt: null,
    holdEndsAt: null,
    decisions: 0,
    setbacks: 0,
    times: { holds: [], decisions: [], setbacks: [] },
    tries: { inVain: new Set(), holds: new Map() },
    told: { holds: 0, decisions: 0, setbacks: 0 },
    toldDecisions: null,
    reminders: 0,
    erasedAt: null,
  };
  const opening = {
    id: newEventId(),
    name: 'MailboxMessageOpened',
    time: at,
    data: { protectedMessageId: protectedMessageId(1), recipientIds: [recipientId(1)], openedAt: at },
  } as unknown as DomainEvent;
  expect(messagesOf(email, email, [opening, { ...opening, id: newEventId() }])).toMatchObject([
    {
      type: 'email.opened',
      timestamp: at,
      data: { recipients: [{ recipientId: 'r1', depositedAt: at, openedAt: at, endsAt }] },
    },
  ]);
  const declining = {
    ...opening,
    name: 'MailboxMessageDeclined',
    id: newEventId(),
  } as unknown as DomainEvent;
  expect(messagesOf(email, email, [declining])).toMatchObject([{ type: 'email.declined', timestamp: at }]);
});

it.each([
  ['en', /not sent/i, 'Read by somebody else', 'It had not been opened'],
  ['da', /ikke sendt/i, 'Læst af en anden', 'Den var ikke åbnet'],
  ['de', /nicht gesendet/i, 'Von jemand anderem gelesen', 'Sie war nicht geöffnet worden'],
] as const)(
  'nobody is told in %s that a mail which somebody opened was not sent',
  (language, not, read, unread) => {
    const of = (openedAt: string | null) => recipient({ state: { status: 'declined', at }, openedAt });
    for (const [openedAt, headline, said] of [
      ['2026-11-30T09:15:00Z', 'read-by-another', read],
      [null, 'declined', unread],
    ] as const) {
      expect(headlineHowItWent({ recipients: [of(openedAt)] })).toBe(headline);
      const { subject, line } = WORDS[language].headlines[headline];
      const text = [subject, line, sentenceFor(of(openedAt), language)].join(' ');
      expect(text).toContain(said);
      expect(text).not.toMatch(not);
    }
  },
);

it('who takes it back last is answered by that, whatever became of others before', () => {
  const declined = (minute: string, openedAt: string | null) =>
    recipient({ state: { status: 'declined', at: `2026-11-30T10:${minute}:00.000Z` }, openedAt });
  const takenBack = (minute: string) =>
    recipient({
      state: {
        status: 'bounced',
        at: `2026-11-30T10:${minute}:00.000Z`,
        reply: null,
        failure: 'withdrawn',
      },
    });
  const before = [declined('01', null), declined('02', at)];
  expect(headlineHowItWent({ recipients: [...before, takenBack('03')] })).toBe('withdrawn');
  expect(headlineHowItWent({ recipients: [takenBack('00'), ...before] })).toBe('read-by-another');
  expect(headlineHowItWent({ recipients: before })).toBe('read-by-another');
});
