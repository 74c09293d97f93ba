// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Address,
  newEmailId,
  recipientId,
  TenantId,
  type EmailId,
  type NewEvent,
} from '@securemail/contracts';
import { httpClient } from './testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from './testing/running-intake.ts';

let intake: RunningTestIntake;
beforeAll(async () => {
  intake = await startTestIntake({ tenant: { mailbox: { url: 'https://post.demo.example' } } });
});
afterAll(() => intake.close());

const ANNA = Address.parse('anna@demo.example');
const submittedAt = '2026-11-29T10:00:00.000Z';
const MAIL = [
  'From: bo@citizen.example',
  'To: anna@demo.example',
  'Subject: SecureMailBox message received',
  'Date: Sun, 29 Nov 2026 10:00:00 +0000',
  'Message-ID: <answer@demo.example>',
  'In-Reply-To: <case@demo.example>',
  'References: <case@demo.example>',
  'X-SecureMail-Verdict: valid',
  '',
  'Yes.',
  '',
].join('\r\n');

type Written = NewEvent<'MailboxLetterSubmitted'>;
const WAYS: [string, (written: Written) => NewEvent][] = [
  [
    'an answer',
    ({ data: { contactId: _, ...data }, personal }) => ({
      name: 'MailboxReplySubmitted',
      data: { ...data, messageId: '5b1f1c58-6a3e-4f0e-9d0e-0d2f6a7c8b9a' },
      personal,
    }),
  ],
  ['what somebody writes first', (written) => written],
];

async function submitted(eventOf: (written: Written) => NewEvent, mail: string): Promise<EmailId> {
  const emailId = newEmailId();
  const owner = { emailId, tenantId: TenantId.parse('demo') };
  const content = await intake.vault.put(owner, Readable.from([Buffer.from(mail)]));
  await intake.append(
    emailId,
    eventOf({
      name: 'MailboxLetterSubmitted',
      data: { contactId: 'building', content, recipientIds: [recipientId(1)], submittedAt },
      personal: {
        mailFrom: Address.parse('bo@citizen.example'),
        recipients: [{ recipientId: recipientId(1), address: ANNA, disclosed: true }],
      },
    }),
  );
  return emailId;
}

it.each(WAYS)(
  '%s in SecureMailBox becomes an email that comes in, ten minutes from when it was submitted',
  async (_, eventOf) => {
    const ownId = `<${newEmailId()}@demo.example>`;
    const emailId = await submitted(eventOf, MAIL.replace('<answer@demo.example>', ownId));
    const taken = async () => (await intake.accepted()).find((event) => event.emailId === emailId);
    while ((await taken()) === undefined) await sleep(20);
    const event = (await taken())!;
    expect(event.data).toMatchObject({
      channel: 'mailbox',
      direction: 'inbound',
      secureBy: null,
      acceptedAt: submittedAt,
      deadlineAt: '2026-11-29T10:10:00.000Z',
      arrival: { tls: null, thread: 'secure' },
    });
    expect(event.personal).toMatchObject({
      mailFrom: 'bo@citizen.example',
      subject: 'SecureMailBox message received',
      messageId: ownId,
      recipients: [{ recipientId: 'r1', address: ANNA, disclosed: true }],
    });
    const content = await intake.contentOf(event);
    expect(content).toMatch(/^Received: by \S+ \(Secure@Mail\) with HTTPS id\s/);
    expect(content).toContain(`X-SecureMail-Id: ${emailId}\r\n`);
    expect(content).not.toContain('X-SecureMail-Verdict');
    expect(content.endsWith('\r\n\r\nYes.\r\n')).toBe(true);

    // What is answered to it without protection is protected all the same, as the guard of secure threads says.
    const answer = {
      from: ANNA,
      to: ['bo@citizen.example'],
      subject: 'Re: SecureMailBox message received',
      text: 'x',
      secure: false,
      headers: { 'In-Reply-To': ownId },
    };
    const { status } = await httpClient(intake).postJson(answer);
    expect(status).toBe(202);
    expect((await intake.accepted()).at(-1)?.data).toMatchObject({
      secureBy: 'guard',
      guards: [{ guard: 'secure-thread' }],
      wroteInMailbox: ['r1'],
    });

    // Of several, who wrote; and nobody on another thread.
    const among = { ...answer, to: ['kim@citizen.example', 'BO@citizen.example'], secure: true };
    await httpClient(intake).postJson(among);
    expect((await intake.accepted()).at(-1)?.data.wroteInMailbox).toEqual(['r2']);
    await httpClient(intake).postJson({
      ...among,
      headers: { 'In-Reply-To': `<${newEmailId()}@else.example>` },
    });
    expect((await intake.accepted()).at(-1)?.data.wroteInMailbox).toEqual([]);
  },
);
