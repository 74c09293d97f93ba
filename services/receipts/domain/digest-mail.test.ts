// SPDX-License-Identifier: Apache-2.0
import { Address, Language, newEmailId, recipientId } from '@securemail/contracts';
import { digestMail, type DigestedEmail } from './digest-mail.ts';
import type { Email, RecipientState } from './email.ts';

const at = '2026-01-01T00:00:00.000Z';
const reply = { code: 250, enhancedCode: '2.0.0' };
const SENT: RecipientState = { status: 'sent', at, reply, tls: null };
const FAILED: RecipientState = { status: 'bounced', at, reply: null, failure: 'reported-later' };
const listed = (subject: string, state: RecipientState): DigestedEmail => ({
  subject,
  sensitive: false,
  addresses: new Map([[recipientId(1), Address.parse('bo@citizen.example')]]),
  email: {
    emailId: newEmailId(),
    acceptedAt: at,
    recipients: [
      {
        recipientId: recipientId(1),
        method: 'smime-personal',
        isPlanned: true,
        passedOver: [],
        attempts: 1,
        state,
        released: null,
        corrected: null,
        mayBeDuplicate: false,
        deposit: null,
        awaitsDeposit: false,
        settledFirst: null,
        openedAt: null,
      },
    ],
  } as unknown as Email,
});
const digest = (language: Language, ...emails: DigestedEmail[]) =>
  digestMail({
    emails,
    from: Address.parse('securemail@demo.example'),
    sender: Address.parse('anna@demo.example'),
    language,
    at: new Date(at),
    messageId: '<d@demo.example>',
  });

describe.each(Language.options)('a digest in %s', (language) => {
  const well = digest(language, listed('one', SENT), listed('two', SENT));
  const badly = digest(language, listed('one', SENT), listed('two', FAILED));

  it('says that all were sent only where all were', () => {
    expect(well.subject).not.toBe(badly.subject);
    expect(badly.subject).toMatch(/NOT|IKKE|NICHT/);
    expect(badly.text).toMatch(/NOT|IKKE|NICHT/);
    expect(well.text).not.toMatch(/NOT|IKKE|NICHT/);
  });

  it('names addresses in letters, where that is safe', () => {
    const mail = listed('one', SENT);
    const addresses = new Map([[recipientId(1), Address.parse('søren@rød.example')]]);
    const { text, html } = digest(language, { ...mail, addresses });
    for (const body of [text, html]) expect(body).toContain('søren@rød.example: ');
  });

  it('names first what failed since', () => {
    const text = badly.text ?? '';
    expect(text.indexOf('two')).toBeGreaterThan(0);
    expect(text.indexOf('two')).toBeLessThan(text.indexOf('one,'));
  });
});
