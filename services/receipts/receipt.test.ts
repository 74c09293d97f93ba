// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, type EmailId, type NewEvent } from '@securemail/contracts';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import {
  accepted,
  BO,
  bounced,
  deferred,
  delivered,
  expired,
  held,
  KIM,
  madeFor,
  planned,
  started,
  unknown,
} from './testing/story.ts';

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

const LEA = 'lea@hospital.example';
const namesTold = async (emailId: EmailId) => (await world.told(emailId)).map(({ name }) => name);

/** Tells a story of Bo, Kim and Lea; gives the receipt, as a mail and over HTTP. */
async function receiptFor(...story: NewEvent[]) {
  const emailId = newEmailId();
  await world.append(emailId, ...story);
  const mail = await world.receiptMail(emailId);
  const body = await world.until(`/v1/emails/${emailId}/receipt`, () => true);
  return { emailId, mail, text: mail.text ?? '', body };
}

describe('the receipt', () => {
  it('is not ready before everybody is settled, and then says the same over HTTP and by mail', async () => {
    const emailId = newEmailId();
    const path = `/v1/emails/${emailId}/receipt`;
    await world.append(emailId, accepted({ to: [BO, KIM] }), planned([1, 2]), madeFor([BO, KIM]));
    await world.append(emailId, started(1, 2), delivered(1), deferred(2));
    await world.until(`/v1/emails/${emailId}`, ({ recipients }) => recipients[1]!.status === 'deferred');
    const early = await world.get(path);
    expect([early.status, early.body.type]).toEqual([404, '/errors/receipt-not-ready']);
    await world.append(emailId, started(2), delivered(2));
    const receipt = await world.until(path, () => true);
    expect(receipt).toMatchObject({
      emailId,
      outcome: 'sent',
      text: 'Your mail was sent securely to everyone.',
      deliveredAt: null,
      recipients: [
        { recipientId: 'r1', address: BO, method: 'smime-personal', status: 'sent' },
        { recipientId: 'r2', address: KIM, method: 'smime-personal', status: 'sent' },
      ],
    });
    const { text = '' } = await world.receiptMail(emailId);
    for (const line of [receipt.text, ...receipt.recipients.map((each) => each.text)])
      expect(text).toContain(line);
    const [issued] = await world.told(emailId);
    expect(issued).toMatchObject({
      name: 'ReceiptIssued',
      data: { outcome: 'sent', issuedAt: receipt.issuedAt },
      personal: { recipient: 'anna@demo.example' },
    });
  });

  it('is a mail to the sender, in the thread of the original, that no machine answers', async () => {
    const original = accepted({ subject: 'Blåbær & <grød>', messageId: '<original@demo.example>' });
    const { mail } = await receiptFor(original, held([1]));
    expect(mail).toMatchObject({
      subject: 'Not sent: Blåbær & <grød>',
      inReplyTo: '<original@demo.example>',
      references: '<original@demo.example>',
      from: { value: [{ address: 'securemail@demo.example' }] },
      to: { value: [{ address: 'anna@demo.example' }] },
    });
    expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
    expect(mail.messageId).toMatch(/^<.+@demo\.example>$/);
    expect(mail.html).toContain('no secure way to reach this recipient');
  });

  it('can be written for an original without subject and with a Message-ID that is none', async () => {
    const { mail } = await receiptFor(accepted({ subject: '', messageId: 'a b' }), started(1), bounced(1));
    expect(mail.subject).toBe('Not sent: (no subject)');
    expect(mail.inReplyTo).toBeUndefined();
  });

  it.each([
    ['sent', 'UTC: signed and encrypted with S/MIME for the recipient.', [started(1), delivered(1)]],
    ['bounced', 'the recipient’s mail server refused it (550 5.1.1)', [started(1), bounced(1)]],
    ['held', 'Held, not sent: the certificate has expired.', [held([1], 'certificate-expired')]],
    ['held', 'Held, not sent: the stored message could not be read.', [held([1], 'content-unreadable')]],
    ['outcome-unknown', 'Perhaps sent:', [started(1), unknown('hold', 1)]],
    ['outcome-unknown', 'each time we tried', [started(1), unknown('send-again', 1), unknown('hold', 1)]],
    ['expired', 'could not be reached for so long that we gave up', [started(1), deferred(1), expired(1)]],
    [
      'sent',
      'it may be there more than once',
      [started(1), unknown('send-again', 1), started(1), delivered(1)],
    ],
    ['bounced', 'may have arrived', [started(1), unknown('send-again', 1), started(1), bounced(1)]],
    ['expired', 'may have arrived', [started(1), unknown('send-again', 1), expired(1)]],
  ] as const)('says of one recipient (%s): %s', async (status, sentence, story) => {
    const { text, body } = await receiptFor(accepted(), planned([1]), ...story);
    expect(body.recipients).toMatchObject([{ address: BO, status }]);
    expect(body.recipients[0]!.text).toContain(sentence);
    expect(text).toContain(`${BO}\n  ${body.recipients[0]!.text}`);
  });

  it.each([
    ['Sent securely', 'sent', [started(1, 2, 3), delivered(1, 2, 3)]],
    ['Partly sent', 'partly-sent', [started(1, 2, 3), delivered(1), bounced(2), expired(3)]],
    ['Partly sent', 'partly-sent', [held([3]), started(1, 2), delivered(1), unknown('hold', 2)]],
    ['Not sent', 'not-sent', [held([1]), started(2, 3), bounced(2), expired(3)]],
  ] as const)(
    'says in its subject how it went on the whole: %s, %s (%#)',
    async (subject, outcome, story) => {
      const { mail, text, body } = await receiptFor(accepted({ to: [BO, KIM, LEA] }), ...story);
      expect(mail.subject).toBe(`${subject}: Journal`);
      expect(body.outcome).toBe(outcome);
      for (const { address, text: sentence } of body.recipients)
        expect(text).toContain(`${address}\n  ${sentence}`);
    },
  );

  it('knows when the last recipient was settled, also where the outcome stays unknown', async () => {
    const acceptedAt = new Date(Date.now() - 60_000).toISOString();
    const { emailId } = await receiptFor(accepted({ acceptedAt }), started(1), unknown('hold', 1));
    const { events } = await world.until(`/v1/emails/${emailId}/events`, () => true);
    const { time } = events.find(({ name }) => name === 'OutcomeUnknown')!;
    expect((await world.get(`/v1/emails/${emailId}`)).body).toMatchObject({ acceptedAt, settledAt: time });
  });
});

describe('the deadline', () => {
  const overdue = (to: string[]) => accepted({ to, deadlineAt: new Date(Date.now() - 1).toISOString() });

  it('once gone by is recorded for those who are not settled, and the receipt follows all the same', async () => {
    const emailId = newEmailId();
    await world.appendWhole(emailId, overdue([BO, KIM]), held([2]), started(1), deferred(1));
    const path = `/v1/emails/${emailId}`;
    expect(await world.until(path, ({ deadlineMissed }) => deadlineMissed)).toMatchObject({
      state: 'in-progress',
      receipt: null,
    });
    expect((await world.told(emailId)).map(({ name, data }) => [name, data])).toMatchObject([
      ['DeadlineMissed', { recipientIds: ['r1'] }],
      ['ReceiptIssued', { kind: 'deadline', outcome: 'in-progress' }],
    ]);
    await world.append(emailId, started(1), delivered(1));
    const email = await world.until(path, ({ receipt }) => receipt !== null);
    expect(email).toMatchObject({ state: 'partly-sent', deadlineMissed: true });
    expect(await namesTold(emailId)).toEqual(['DeadlineMissed', 'ReceiptIssued', 'ReceiptIssued']);
  });

  it('is missed by an email that nobody took up', async () => {
    const emailId = newEmailId();
    await world.append(emailId, overdue([BO]));
    await world.until(`/v1/emails/${emailId}`, ({ deadlineMissed }) => deadlineMissed);
    expect(await namesTold(emailId)).toEqual(['DeadlineMissed', 'ReceiptIssued']);
  });

  it('is not missed by an email that was settled before', async () => {
    const [settled, open] = [newEmailId(), newEmailId()];
    const soon = new Date(Date.now() + 1_000).toISOString();
    await world.append(settled, accepted({ deadlineAt: soon }), held([1]));
    await world.until(`/v1/emails/${settled}`, ({ receipt }) => receipt !== null);
    await world.append(open, accepted({ deadlineAt: soon }));
    await world.until(`/v1/emails/${open}`, ({ deadlineMissed }) => deadlineMissed);
    expect(await namesTold(settled)).toEqual(['ReceiptIssued']);
  });
});

it('a sender whose address is not ASCII is told like everybody else', async () => {
  const { emailId, mail } = await receiptFor(accepted({ from: 'søren@demo.example' }), held([1]));
  expect(mail.to).toMatchObject({ value: [{ address: 'søren@demo.example' }] });
  expect(await namesTold(emailId)).toEqual(['ReceiptIssued']);
  expect((await world.told(emailId))[0]!.personal).toEqual({ recipient: 'søren@demo.example' });
});

describe('every sender is told once', () => {
  const owed = async () => {
    const sql = 'select from emails where settled_at is not null and not receipt_issued';
    return (await world.pool.query(sql)).rowCount;
  };

  it('however many replicas run, and also where everything is heard again', async () => {
    const replica = await world.start();
    const emailIds = Array.from({ length: 30 }, () => newEmailId());
    await Promise.all(emailIds.map((emailId) => world.append(emailId, accepted(), started(1), bounced(1))));
    for (const emailId of emailIds) await world.receiptMail(emailId);
    await Promise.all([running.close(), replica.close()]);
    await world.pool.query('delete from checkpoints');
    await world.pool.query('delete from inbox');
    running = await world.start();
    const later = newEmailId();
    await world.append(later, accepted(), held([1]));
    await world.receiptMail(later);
    for (const emailId of emailIds) expect(await namesTold(emailId)).toEqual(['ReceiptIssued']);
  });

  it('also where many emails, settled before, were erased and nobody can be told of them', async () => {
    await running.close();
    const erased = Array.from({ length: 120 }, () => newEmailId());
    for (const emailId of erased) {
      await world.append(emailId, accepted(), held([1]));
      await world.vault.erase(emailId);
    }
    const emailId = newEmailId();
    await world.append(emailId, accepted(), held([1]));
    running = await world.start();
    await world.receiptMail(emailId);
    while ((await owed()) !== erased.length) await sleep(20);
    for (const each of erased) expect(await world.told(each)).toEqual([]);
    // Nor does anybody wait for it, in a list or on the page of one.
    const waiting = async () =>
      (await world.get('/v1/emails?state=unfinished&stage=receipt&limit=200')).body.emails;
    while ((await waiting()).some(({ emailId }) => erased.includes(emailId))) await sleep(50);
    expect((await world.get(`/v1/emails/${erased[0]!}`)).body.waitsFor).toBeNull();
  });
});
