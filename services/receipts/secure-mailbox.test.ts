// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import * as say from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld();
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const ENDS = '2027-02-27T10:00:00.000Z';
const OPENED = '2026-11-30T09:15:00.000Z';

/** Mail to SecureMailBox, as far as crypto is concerned. */
async function planned(to = [say.BO]) {
  const emailId = newEmailId();
  await world.append(
    emailId,
    say.accepted({ to }),
    say.planned(
      to.map((_, index) => index + 1),
      'mailbox',
    ),
    say.madeFor(to, 'mailbox'),
  );
  return { emailId, path: `/v1/emails/${emailId}` };
}

describe('a mail that SecureMailBox keeps', () => {
  it('is sent once the notification was taken, and says since when and until when it lies there', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.deposited(1, ENDS), say.started(1));
    // Mailbox's event and delivery's come by two topics, in either order.
    const before = await world.until(
      path,
      ({ recipients }) => recipients[0]?.status === 'attempting' && recipients[0].depositedAt !== null,
    );
    expect(before.recipients[0]).toMatchObject({
      depositedAt: expect.any(String),
      endsAt: ENDS,
      openedAt: null,
    });
    await world.append(emailId, say.delivered(1));
    await world.until(path, ({ state }) => state === 'sent');
    const { text } = await world.receiptMail(emailId);
    expect(text).toMatch(
      /It has been in SecureMailBox since .* UTC, where only the recipient can read it, until 27 February 2027 at 10:00 UTC\. A mail that tells so was sent .* UTC\./,
    );
  });

  it('has a link by which its sender takes it back, until he has, and shows it to nobody who only reads', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.deposited(1, ENDS, 'a-secret'), say.delivered(1));
    await world.until(path, ({ state }) => state === 'sent');
    const { text, html } = await world.receiptMail(emailId);
    expect(text).toContain('Take it back: https://post.demo.example/mailbox/back/a-secret');
    expect(html).toContain('<a href="https://post.demo.example/mailbox/back/a-secret">Take it back</a>');
    const { body } = await world.get(`${path}/events`);
    expect(JSON.stringify(body)).toContain('MailboxMessageDeposited');
    expect(JSON.stringify(body)).not.toContain('a-secret');
  });

  it('shows that it was opened, and no other mail tells its sender so', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.deposited(1, ENDS), say.delivered(1));
    await world.receiptMail(emailId);
    await world.append(emailId, say.opened(1, OPENED));
    const { recipients, state } = await world.until(path, (body) => body.recipients[0]?.openedAt === OPENED);
    expect([state, recipients[0]?.status]).toEqual(['sent', 'sent']);
    const body = await world.until(`${path}/receipt`, () => true);
    expect(body.recipients[0]).toMatchObject({
      method: 'mailbox',
      depositedAt: expect.any(String),
      openedAt: OPENED,
      endsAt: ENDS,
      text: expect.stringMatching(/ The recipient opened it 30 November 2026 at 09:15 UTC\.$/),
    });
    await sleep(500);
    expect(await world.told(emailId)).toHaveLength(1);
  });

  it('is not sent before the deposit is heard, whatever delivery says', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.delivered(1));
    await world.until(path, ({ recipients }) => recipients[0]?.status === 'sent');
    await sleep(300);
    expect((await world.get(path)).body.state).toBe('in-progress');
    expect(await world.told(emailId)).toEqual([]);
    await world.append(emailId, say.deposited(1, ENDS));
    expect((await world.until(path, ({ state }) => state === 'sent')).recipients[0]?.method).toBe('mailbox');
  });

  it('is told to be read by somebody else where he who opened it says that it is not for him, and was sent', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.deposited(1, ENDS), say.delivered(1));
    expect((await world.receiptMail(emailId)).subject).toBe('Sent securely: Journal');
    await world.append(emailId, say.opened(1, OPENED), say.declined(1));
    const { subject, text, html } = await world.receiptMail(emailId, 2);
    expect(subject).toBe('Read by somebody else: Journal');
    expect(text).toContain(
      'Your mail was opened in SecureMailBox by somebody who then said that it was not for him.',
    );
    expect(text).toMatch(
      /Read by somebody else: it was opened 30 November 2026 at 09:15 UTC, and whoever did so said .* Check the address/,
    );
    for (const said of [subject, text, html]) expect(said).not.toMatch(/not sent/i);
    const { recipients, state } = (await world.get(path)).body;
    expect([state, recipients.map(({ status }) => status), recipients[0]?.openedAt]).toEqual([
      'sent',
      ['declined'],
      OPENED,
    ]);
    const receipt = await world.until(`${path}/receipt`, ({ outcome }) => outcome === 'sent');
    expect(JSON.stringify(receipt)).not.toMatch(/not sent/i);
  });

  it('is told to be closed where its reader says so without having opened it, and the others read on', async () => {
    const { emailId, path } = await planned([say.BO, say.KIM]);
    await world.append(emailId, say.deposited(1, ENDS), say.deposited(2, ENDS), say.delivered(1, 2));
    await world.receiptMail(emailId);
    await world.append(emailId, say.declined(1));
    const { subject, text } = await world.receiptMail(emailId, 2);
    expect(subject).toBe('Not for who reads there: Journal');
    expect(text).toMatch(/Closed .* not for them\. It had not been opened\. Check the address/);
    expect(text).not.toMatch(/not sent/i);
    expect(text).toContain(`${say.KIM}\n  It has been in SecureMailBox since`);
    const { recipients, state } = (await world.get(path)).body;
    expect([state, recipients.map(({ status }) => status)]).toEqual(['partly-sent', ['declined', 'sent']]);
  });

  it('is told to be taken back, and whether it had been opened before', async () => {
    const { emailId, path } = await planned([say.BO, say.KIM]);
    await world.append(emailId, say.deposited(1, ENDS), say.deposited(2, ENDS), say.delivered(1, 2));
    expect((await world.receiptMail(emailId)).subject).toBe('Sent securely: Journal');
    await world.append(emailId, say.opened(1, OPENED), say.withdrawn(1, OPENED), say.withdrawn(2, null));
    const { subject, text } = await world.receiptMail(emailId, 2);
    expect(subject).toBe('Taken back: Journal');
    expect(text).toMatch(
      /Taken back .* UTC\. It had been opened before\. The recipient opened it 30 November 2026/,
    );
    expect(text).toMatch(/Taken back .* UTC\. It had not been opened\./);
    const { recipients } = await world.until(path, ({ state }) => state === 'not-sent');
    expect(recipients.map(({ status }) => status)).toEqual(['bounced', 'bounced']);
  });

  it('is told to be opened after all where the notification was reported not to have arrived', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.deposited(1, ENDS), say.delivered(1));
    expect((await world.receiptMail(emailId)).subject).toBe('Sent securely: Journal');
    await world.append(emailId, say.reported('failed', 1));
    expect((await world.receiptMail(emailId, 2)).subject).toBe('Not sent: Journal');
    await world.append(emailId, say.opened(1, new Date().toISOString()));
    const { subject, text } = await world.receiptMail(emailId, 3);
    expect(subject).toBe('Sent securely: Journal');
    expect(text).toContain('The recipient opened it');
    expect(text).not.toMatch(/not sent/i);
    expect((await world.get(path)).body.state).toBe('sent');
  });

  it('is told no more of where a report comes long after it was opened', async () => {
    const { emailId, path } = await planned();
    await world.append(emailId, say.deposited(1, ENDS), say.delivered(1));
    await world.receiptMail(emailId);
    const opened = new Date(Date.now() - 3_600_000).toISOString();
    await world.append(emailId, say.opened(1, opened), say.reported('failed', 1));
    await world.until(`${path}/events`, (body) => JSON.stringify(body).includes('DeliveryReported'));
    await sleep(500);
    expect((await world.get(path)).body.state).toBe('sent');
    expect(await world.told(emailId)).toHaveLength(1);
  });

  it('bounces with its notification, and the others do not', async () => {
    const { emailId, path } = await planned([say.BO, say.KIM]);
    await world.append(
      emailId,
      say.deposited(1, ENDS),
      say.deposited(2, ENDS),
      say.delivered(1),
      say.bounced(2),
    );
    const { recipients } = await world.until(path, ({ state }) => state === 'partly-sent');
    expect(recipients.map(({ status }) => status)).toEqual(['sent', 'bounced']);
    expect((await world.receiptMail(emailId)).text).toContain(
      'Not sent: the mail that tells of it in SecureMailBox could not be delivered: the recipient’s mail server refused it (550 5.1.1).',
    );
  });
});

it('a sign-in is no email: nothing is owed for it, shown of it or told', async () => {
  const emailId = newEmailId();
  await world.append(emailId, say.planned([1]), say.codeIssued(), say.started(1), say.delivered(1));
  const { emailId: after, path } = await planned();
  await world.until(path, ({ state }) => state === 'in-progress');
  for (const part of ['', '/events', '/receipt'])
    expect((await world.get(`/v1/emails/${emailId}${part}`)).status).toBe(404);
  const { body } = await world.get('/v1/emails?limit=200');
  const listed = body.emails.map((email) => email.emailId);
  expect(listed).toContain(after);
  expect(listed).not.toContain(emailId);
  const { rows } = await world.pool.query('select 1 from emails where email_id = $1', [emailId]);
  expect(rows).toEqual([]);
  expect(await world.told(emailId)).toEqual([]);
});
