// SPDX-License-Identifier: Apache-2.0
import { Address, ContentRef, newContentId, type GuardAction } from '@securemail/contracts';
import { accept, distinct, mayHandIn, refusalOf, type IntakePolicy, type Submission } from './decide.ts';

const policy: IntakePolicy = {
  domains: ['demo.example'],
  whenNotAskedSecure: 'protect',
  deadlineMinutes: 10,
};
const submission: Submission = {
  channel: 'submission',
  submittedBy: 'app',
  mailFrom: Address.parse('anna@demo.example'),
  senderAllowed: true,
  askedBy: 'header',
};
const at = new Date('2026-01-01T00:00:00.000Z');
const bo = [Address.parse('bo@citizen.example')];
const content = ContentRef.parse({ contentId: newContentId(), size: 1, sha256: '0'.repeat(64) });
const mail = (recipients: string[], disclosed = recipients) => ({
  content,
  recipients: recipients.map((each) => Address.parse(each)),
  disclosed,
  subject: 'Journal',
  messageId: '<1@demo.example>',
  automatic: null,
  handedIn: null,
  hideSubject: false,
  wroteInMailbox: [],
});

describe('taking a mail', () => {
  it.each([
    ['a sender who is allowed, and asked', submission, policy, null],
    ['a sender who may not send so', { ...submission, senderAllowed: false }, policy, 'sender-not-allowed'],
    [
      'a sender of another organisation',
      { ...submission, mailFrom: Address.parse('a@else.example') },
      policy,
      'sender-not-allowed',
    ],
    ['nobody asked, and the tenant protects all', { ...submission, askedBy: null }, policy, null],
    [
      'nobody asked, and the tenant refuses',
      { ...submission, askedBy: null },
      { ...policy, whenNotAskedSecure: 'refuse' as const },
      'not-secure',
    ],
  ])('%s', (_case, given, rules, refusal) => {
    expect(mayHandIn(given, rules) ? refusalOf(given, bo, rules, []) : 'sender-not-allowed').toBe(refusal);
  });

  it('promises ten minutes from acceptance', () => {
    expect(accept(submission, mail(['bo@citizen.example']), policy, [], at).data).toMatchObject({
      acceptedAt: '2026-01-01T00:00:00.000Z',
      deadlineAt: '2026-01-01T00:10:00.000Z',
      direction: 'outbound',
      secureBy: 'header',
    });
  });

  it('says when it was the tenant’s rule and not the sender that made it secure', () => {
    expect(
      accept({ ...submission, askedBy: null }, mail(['bo@citizen.example']), policy, [], at).data.secureBy,
    ).toBe('policy');
  });

  it('is internal only where every recipient is', () => {
    expect(accept(submission, mail(['ulla@demo.example']), policy, [], at).data.direction).toBe('internal');
    expect(
      accept(submission, mail(['ulla@demo.example', 'bo@citizen.example']), policy, [], at).data.direction,
    ).toBe('outbound');
  });

  it('says when it was a guard that made it secure, and takes what the tenant else refuses', () => {
    const unasked = { ...submission, askedBy: null };
    const finding = { guard: 'secure-thread', recipientIds: [], rules: [], unread: [] } as const;
    const found = (action: GuardAction) => [{ ...finding, action, recipientIds: [], rules: [], unread: [] }];
    const data = (action: GuardAction) =>
      accept(unasked, mail(['bo@citizen.example']), policy, found(action), at).data;
    expect(data('protect')).toMatchObject({ secureBy: 'guard', guards: [{ guard: 'secure-thread' }] });
    expect(data('allow').secureBy).toBe('policy');
    const strict = { ...policy, whenNotAskedSecure: 'refuse' as const };
    expect(refusalOf(unasked, bo, strict, found('protect'))).toBeNull();
    expect(refusalOf(unasked, [Address.parse('ulla@demo.example')], strict, [])).toBeNull();
    expect(refusalOf(unasked, [Address.parse('ulla@demo.example'), ...bo], strict, [])).toBe('not-secure');
    expect(refusalOf(unasked, bo, strict, found('allow'))).toBe('not-secure');
    expect(refusalOf(unasked, bo, policy, found('refuse'))).toBe('secure-thread');
  });

  it('counts each mailbox once, and knows the blind copies', () => {
    const recipients = ['bo@c.example', 'BO@c.example', 'kim@c.example'].map((each) => Address.parse(each));
    const { personal } = accept(submission, mail(distinct(recipients), ['Bo@c.example']), policy, [], at);
    expect(personal.recipients).toEqual([
      { recipientId: 'r1', address: 'bo@c.example', disclosed: true },
      { recipientId: 'r2', address: 'kim@c.example', disclosed: false },
    ]);
  });
});

describe('what the event repeats of the header', () => {
  const personalOf = (more: { subject?: string; messageId?: string }) =>
    accept(submission, { ...mail(['bo@citizen.example']), ...more }, policy, [], at).personal;

  it.each([
    ['a long one is cut', 'x'.repeat(1_001), 'x'.repeat(1_000)],
    ['a character is never cut in two', `x${'\u{1F4E8}'.repeat(2_000)}`, `x${'\u{1F4E8}'.repeat(999)}`],
    ['one that fits stays', '\u{1F4E8}'.repeat(1_000), '\u{1F4E8}'.repeat(1_000)],
  ])('of the subject, %s', (_, subject, told) => {
    expect(personalOf({ subject }).subject).toBe(told);
  });

  it('of the Message-ID, all or nothing', () => {
    const longest = `<${'x'.repeat(990)}@a.bc>`;
    expect(Buffer.byteLength(longest)).toBe(997);
    expect(personalOf({ messageId: longest }).messageId).toBe(longest);
    expect(personalOf({ messageId: longest.replace('x', 'xæ') }).messageId).toBe('');
  });
});
