// SPDX-License-Identifier: Apache-2.0
import { Address, newEmailId, recipientId, type GuardNote } from '@securemail/contracts';
import { composeMessage, readHeader } from '@securemail/mime';
import type { Email, Recipient, RecipientState } from './email.ts';
import { receiptMail } from './receipt-mail.ts';

const at = '2026-01-01T00:00:00.000Z';
const STATES: RecipientState[] = [
  { status: 'sent', at, reply: { code: 250, enhancedCode: '2.0.0' }, tls: null },
  { status: 'bounced', at, reply: { code: 550, enhancedCode: '5.1.1' }, failure: null },
  { status: 'held', at, because: 'no-secure-method' },
  { status: 'outcome-unknown', at, next: 'hold', nextAttemptAt: null },
  { status: 'expired', at },
];
const addressOf = (ordinal: number) => Address.parse(`someone-${ordinal}@citizen.example`);

function mailFor(
  states: readonly RecipientState[],
  subject = 'Journal',
  messageId = '<original@demo.example>',
  reminder = 0,
  guards: readonly GuardNote[] = [],
) {
  const recipients = states.map((state, index): Recipient => ({
    recipientId: recipientId(index + 1),
    method: 'smime-personal',
    passedOver: [],
    attempts: 1,
    state,
    mayBeDuplicate: false,
  }));
  const email: Email = {
    emailId: newEmailId(),
    direction: 'outbound',
    acceptedAt: at,
    deadlineAt: at,
    recipients,
    receipt: null,
    deadlineMissed: false,
    decisions: 0,
    toldDecisions: null,
    reminders: 0,
  };
  return receiptMail({
    email,
    from: Address.parse('securemail@demo.example'),
    sender: Address.parse('anna@demo.example'),
    subject,
    messageId,
    addresses: new Map(recipients.map(({ recipientId: id }, index) => [id, addressOf(index + 1)])),
    guards,
    language: 'da',
    at: new Date(at),
    receiptMessageId: '<receipt@demo.example>',
    reminder,
    keptUntil: new Date('2026-12-05T10:00:00Z'),
    original: null,
  });
}

describe('the receipt', () => {
  it('says in one line how it went, and then for each recipient', () => {
    const { subject, text = '', html = '' } = mailFor(STATES);
    expect(subject).toBe('Partly sent: Journal');
    expect(text).toMatch(/^Your mail was sent securely to some/);
    for (const body of [text, html]) {
      for (const ordinal of [1, 2, 3, 4, 5]) expect(body).toContain(addressOf(ordinal));
      for (const word of ['Sent:', '550 5.1.1', 'Held', 'Perhaps sent', 'gave up'])
        expect(body).toContain(word);
    }
  });

  it.each([
    ['host-not-found', 'does not exist'],
    ['null-mx', 'takes no mail'],
    ['too-large-for-server', 'larger than'],
    ['8bit-not-supported', 'plain ASCII only'],
    ['smtputf8-not-supported', 'outside ASCII'],
  ])('does not say that a server refused what it was never asked (%s)', (failure, words) => {
    const { text } = mailFor([{ status: 'bounced', at, reply: null, failure }]);
    expect(text).toContain(words);
    expect(text).not.toContain('refused');
  });

  it('says until when what is held is kept, and in a reminder that it still is', () => {
    const held: RecipientState = { status: 'held', at, because: 'no-certificate' };
    expect(mailFor([held]).text).toContain('Until 2026-12-05, then it is given up.');
    const { subject, text } = mailFor([held], 'Journal', undefined, 1);
    expect([subject, text?.split('\n')[0]]).toEqual([
      'Still held: Journal',
      'Your mail is still held for some of its recipients.',
    ]);
  });

  it('says who rejected it, and why, or that nobody decided', () => {
    const rejected = { status: 'rejected' as const, at };
    const { text } = mailFor([
      { ...rejected, because: 'rejected-by-person', by: 'Ida Iversen', reason: 'sent by letter' },
      { ...rejected, because: 'hold-ended', by: null, reason: null },
    ]);
    expect(text).toContain('Not sent: Ida Iversen decided so (sent by letter).');
    expect(text).toContain('nobody decided in time');
  });

  it('says what guards did, in the language that the organisation speaks', () => {
    const note = {
      guard: 'new-outsider',
      action: 'protect',
      title: 'En <udefra>',
      text: 'Ny: kim@citizen.example.',
    } as const;
    const { text, html } = mailFor(STATES.slice(0, 1), 'Journal', undefined, 0, [note]);
    expect(text).toContain('En <udefra>\n  Ny: kim@citizen.example.\n\n');
    expect(html).toContain('<p lang="da"><strong>En &lt;udefra&gt;</strong><br>Ny: kim@citizen.example.</p>');
  });

  it('answers the original in its thread, and can never be answered by a machine', async () => {
    const { header } = await readHeader(composeMessage(mailFor(STATES.slice(0, 1))));
    expect(header.get('In-Reply-To')).toBe('<original@demo.example>');
    expect(header.get('References')).toBe('<original@demo.example>');
    expect(header.get('Auto-Submitted')).toBe('auto-replied');
  });

  it('can be written whatever the sender put into subject and Message-ID', async () => {
    const { header } = await readHeader(composeMessage(mailFor(STATES, '<b>æ</b> & "co"', '<a b>\u0000')));
    expect(header.get('Subject')).toBe('Partly sent: <b>æ</b> & "co"');
    expect(header.get('In-Reply-To')).toBeUndefined();
  });
});
