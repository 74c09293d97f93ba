// SPDX-License-Identifier: Apache-2.0
import { newEmailId, TenantId, type EmailId, type GuardFinding } from '@securemail/contracts';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import {
  accepted,
  BO,
  bounced,
  corrected,
  deferred,
  delivered,
  held,
  KIM,
  madeFor,
  planned,
  rejected,
  started,
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

const told = async (emailId: EmailId, count: number) => {
  while ((await world.told(emailId)).length < count) await sleep(20);
  return (await world.told(emailId)).flatMap((event) =>
    event.name === 'ReceiptIssued'
      ? [[event.data.kind, event.data.content !== null, event.personal?.recipient]]
      : [],
  );
};
const POSTMASTER = 'postmaster@demo.example';

describe.each(['access-request@demo.example', 'svar-ikke@demo.example', 'owner-list@demo.example'])(
  'of what %s sent',
  (from) => {
    it('nobody is told that it went', async () => {
      const emailId = newEmailId();
      await world.append(emailId, accepted({ from }), started(1), delivered(1));
      expect(await told(emailId, 1)).toEqual([['final', false, POSTMASTER]]);
    });

    it('the postmaster is told that it did not go, and by whom it was sent', async () => {
      const emailId = newEmailId();
      await world.append(emailId, accepted({ from }), started(1), bounced(1));
      expect(await told(emailId, 1)).toEqual([['final', true, POSTMASTER]]);
      const mail = await world.receiptMail(emailId);
      expect(mail.text).toContain(`It was sent by ${from}; that address, or the mail itself,`);
    });
  },
);

it('a list is told of nothing, whatever its address looks like', async () => {
  const emailId = newEmailId();
  await world.append(emailId, accepted({ automatic: 'list' }), started(1), bounced(1));
  expect(await told(emailId, 1)).toEqual([['final', true, POSTMASTER]]);
});

it('who has a program send in his name is told of trouble alone, and gets back what did not go', async () => {
  const [sent, held_] = [newEmailId(), newEmailId()];
  await world.append(sent, accepted({ automatic: 'program' }), started(1), delivered(1));
  expect(await told(sent, 1)).toEqual([['final', false, 'anna@demo.example']]);
  await world.append(held_, accepted({ automatic: 'program' }), held([1]), rejected(null, 1));
  expect(await told(held_, 1)).toEqual([['final', true, 'anna@demo.example']]);
});

it('a guard that found something in what a program sent, and that went, is no trouble', async () => {
  const emailId = newEmailId();
  const guards: GuardFinding[] = [
    { guard: 'secure-thread', action: 'protect', recipientIds: [], rules: [], unread: [] },
  ];
  await world.append(emailId, accepted({ automatic: 'program', guards }), started(1), delivered(1));
  expect(await told(emailId, 1)).toEqual([['final', false, 'anna@demo.example']]);
  const written = newEmailId();
  await world.append(written, accepted({ guards }), started(1), delivered(1));
  expect(await told(written, 1)).toEqual([['final', true, 'anna@demo.example']]);
});

describe('what the gateway itself wrote, and somebody passed on', () => {
  it.each([
    ['From: "Secure@Mail" <SecureMail@demo.example>', 'program', false],
    ['From: "Secure@Mail" <securemail@demo.example>', 'list', false],
    ['From: Anna <anna@demo.example>', 'program', true],
  ] as const)('is told of by no mail, whatever becomes of it: %s, %s', async (from, automatic, mailed) => {
    const emailId = newEmailId();
    const owner = { emailId, tenantId: TenantId.parse('demo') };
    const stored = await world.vault.put(owner, Readable.from([Buffer.from(`${from}\r\n\r\nx\r\n`)]));
    await world.append(emailId, accepted({ automatic, stored }), started(1), bounced(1));
    expect((await told(emailId, 1)).map(([, byMail]) => byMail)).toEqual([mailed]);
  });
});

it('the postmaster gets no mail back that a machine sent', async () => {
  const emailId = newEmailId();
  const from = 'no-reply@demo.example';
  await world.append(emailId, accepted({ from }), held([1]), rejected(null, 1));
  await told(emailId, 1);
  const { attachments } = await world.receiptMail(emailId);
  expect(attachments.filter(({ filename }) => filename === 'original.eml')).toEqual([]);
});

it('he is told of no blind copy more than that there is one', async () => {
  const emailId = newEmailId();
  const acceptance = accepted({ from: 'no-reply@demo.example', to: [BO, KIM] });
  if (acceptance.name === 'EmailAccepted')
    acceptance.personal.recipients = acceptance.personal.recipients.map((each) => ({
      ...each,
      disclosed: each.address === BO,
    }));
  await world.append(emailId, acceptance, started(1, 2), bounced(1, 2));
  await told(emailId, 1);
  const { text = '', html, attachments } = await world.receiptMail(emailId);
  expect(text).toContain(BO);
  expect(text).toContain('blind copy');
  const all = [text, String(html), ...attachments.map(({ content }) => content.toString())].join('\n');
  expect(all).toContain(BO);
  expect(all).not.toContain(KIM);
});

it('he is told who released a mail, and not that a blind copy was corrected, or whose', async () => {
  const emailId = newEmailId();
  const sent = accepted({ from: 'no-reply@demo.example', to: [KIM, 'b0@citizen.example'] });
  await world.append(emailId, sent, planned([1, 2], null), held([1, 2]));
  await world.receiptMail(emailId);
  await world.append(emailId, corrected(2, BO), planned([2]), madeFor([BO]), started(2), bounced(2));
  const { text, html } = await world.receiptMail(emailId, 2);
  expect(text).toContain('Released by Ida Iversen: mistyped.');
  for (const body of [text, html]) expect(body).not.toMatch(/bo@citizen|b0@citizen/);
});

it('he is not told of what is on its way', async () => {
  const emailId = newEmailId();
  const acceptedAt = new Date(Date.now() - 8.1 * 60_000).toISOString();
  const from = 'no-reply@demo.example';
  await world.append(emailId, accepted({ from, acceptedAt }), started(1), deferred(1));
  expect(await told(emailId, 1)).toEqual([['interim', false, POSTMASTER]]);
});
