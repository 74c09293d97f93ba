// SPDX-License-Identifier: Apache-2.0
import { newEmailId, recipientId, TenantId, type EmailId } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ParsedMail } from 'mailparser';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import {
  accepted,
  BO,
  corrected,
  delivered,
  held,
  KIM,
  madeFor,
  planned,
  rejected,
  released,
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
afterEach(() => {
  world.setClock(null);
});

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const receiptsOf = async (emailId: EmailId) =>
  (await world.told(emailId)).flatMap((event) =>
    event.name === 'ReceiptIssued' ? [[event.data.decisions, event.data.reminder]] : [],
  );

it('the sender of a held mail is told within a minute why, what can be done, and until when it is kept', async () => {
  const emailId = newEmailId();
  const from = Date.now();
  await world.append(emailId, accepted(), planned([1], null), held([1], 'certificate-expired'));
  const { text } = await world.receiptMail(emailId);
  expect(Date.now() - from).toBeLessThan(60_000);
  expect(text).toContain('Held, not sent: the certificate has expired.');
  expect(text).toMatch(/your administrator can release it .* Until \d+ \w+ \d{4} at \d\d:\d\d UTC, then/);
});

it('after a release the sender is told how it went', async () => {
  const emailId = newEmailId();
  await world.append(emailId, accepted({ to: [BO, KIM] }), planned([1, 2], null), held([1, 2]));
  await world.receiptMail(emailId);
  await world.append(emailId, released(1));
  await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'in-progress');
  // What was told holds no more, and what will is not known.
  expect((await world.get(`/v1/emails/${emailId}/receipt`)).status).toBe(404);
  await world.append(emailId, planned([1]), madeFor([BO]), started(1), delivered(1));
  const mail = await world.receiptMail(emailId, 2);
  expect(mail.subject).toBe('Partly sent: Journal');
  expect(mail.text).toContain(`${KIM}\n  Held, not sent`);
  await world.append(emailId, rejected('Ida Iversen', 2));
  const last = await world.receiptMail(emailId, 3);
  expect(last.text).toContain(`${KIM}\n  Not sent: Ida Iversen decided so (sent by letter).`);
  expect(await receiptsOf(emailId)).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
  ]);
  const { recipients, state, deadlineMissed } = (await world.get(`/v1/emails/${emailId}`)).body;
  expect([state, deadlineMissed]).toEqual(['partly-sent', false]);
  expect(recipients[1]).toMatchObject({ status: 'rejected', by: 'Ida Iversen', reason: 'sent by letter' });
});

it('a corrected address is what the sender is told, and what the API shows', async () => {
  const emailId = newEmailId();
  await world.append(emailId, accepted({ to: ['bo@citizn.example'] }), planned([1], null), held([1]));
  expect((await world.receiptMail(emailId)).text).toContain('bo@citizn.example\n  Held');
  await world.append(emailId, corrected(1, BO), planned([1]), madeFor([BO]), started(1), delivered(1));
  const { text, html } = await world.receiptMail(emailId, 2);
  expect(text).toContain(`${BO}\n  Sent`);
  for (const body of [text, html])
    expect(body).toContain(`Released by Ida Iversen: mistyped. Sent to ${BO} instead of bo@citizn.example.`);
  const released = { by: 'Ida Iversen', reason: 'mistyped' };
  const told = { address: BO, givenAddress: 'bo@citizn.example', status: 'sent', released };
  const { recipients } = (await world.get(`/v1/emails/${emailId}`)).body;
  expect(recipients[0]).toMatchObject(told);
  const receipt = await world.until(`/v1/emails/${emailId}/receipt`, () => true);
  expect(receipt.recipients[0]).toMatchObject({
    ...told,
    text: expect.stringContaining('Released by Ida Iversen: mistyped. Sent to') as string,
  });
});

it('of a release that changed nothing the sender is told no second time, and with what is told next', async () => {
  const emailId = newEmailId();
  const mails = async () =>
    (await world.told(emailId)).flatMap((event) =>
      event.name === 'ReceiptIssued' ? [event.data.content !== null] : [],
    );
  const until = async (count: number) => {
    while ((await mails()).length < count) await sleep(20);
  };
  await world.append(emailId, accepted({ to: [BO, KIM] }), planned([1, 2], null), held([1, 2]));
  await world.receiptMail(emailId);
  await world.append(emailId, released(1, 2), planned([1, 2], null), held([1, 2]));
  await until(2);
  await world.append(emailId, released(2), planned([2], null), held([2]));
  await until(3);
  expect(await mails()).toEqual([true, false, false]);
  const { receipt, recipients } = (await world.get(`/v1/emails/${emailId}`)).body;
  expect([receipt, recipients[0]]).toMatchObject([{ mailed: false }, { released: { by: 'Ida Iversen' } }]);

  await world.append(emailId, released(1), planned([1], null), held([1], 'certificate-expired'));
  const { text } = await world.receiptMail(emailId, 2);
  expect(text).toContain('the certificate has expired');
  expect(text).toContain('Released by Ida Iversen: certificate is there now. After that it was held again.');
});

it('of a release to a mailbox that forwards outside the sender is told, as when a mail is handed in so', async () => {
  const emailId = newEmailId();
  const finding = (recipient: 1 | 2) => ({
    guard: 'forwards-outside' as const,
    action: 'allow' as const,
    recipientIds: [recipientId(recipient)],
    rules: [],
    unread: [],
  });
  const [ola, per] = ['ola@demo.example', 'per@demo.example'];
  await world.append(
    emailId,
    accepted({ to: [BO, ola], guards: [finding(2)] }),
    planned([1, 2], null),
    held([1, 2]),
  );
  await world.receiptMail(emailId);
  await world.append(
    emailId,
    corrected(1, per, [finding(1)]),
    corrected(2, KIM),
    planned([1, 2]),
    madeFor([per, KIM]),
    started(1, 2),
    delivered(1, 2),
  );
  const { text, html } = await world.receiptMail(emailId, 2);
  for (const body of [text, html])
    for (const address of [ola, per])
      expect(body).toContain(`Mail to ${address} is forwarded outside your organisation`);
  expect(text).not.toContain(`Mail to ${KIM} is forwarded`);
  const { guards } = await world.until(`/v1/emails/${emailId}/receipt`, () => true);
  expect(guards).toMatchObject([
    { guard: 'forwards-outside' },
    { guard: 'forwards-outside', action: 'allow' },
  ]);
});

it('of a release that leads to somebody else the sender is told, even where he is held again', async () => {
  const emailId = newEmailId();
  await world.append(emailId, accepted(), planned([1], null), held([1]));
  await world.receiptMail(emailId);
  await world.append(emailId, corrected(1, KIM), planned([1], null), held([1]));
  const { text } = await world.receiptMail(emailId, 2);
  expect(text).toContain(`Addressed to ${KIM} instead of ${BO}. After that it was held again.`);
});

it('the promise of ten minutes ends with the first decision', async () => {
  const emailId = newEmailId();
  await world.appendWhole(
    emailId,
    accepted({ acceptedAt: ago(2) }),
    planned([1], null),
    held([1]),
    released(1),
  );
  await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'in-progress');
  await sleep(500);
  expect((await world.told(emailId)).map(({ name }) => name)).not.toContain('DeadlineMissed');
});

it('of what may have arrived the sender is told so, reminded, and told so in the end; and it does not go back', async () => {
  const emailId = newEmailId();
  world.setClock(ago(25));
  await world.append(emailId, accepted(), planned([1]), madeFor([BO]), started(1), unknown('hold', 1));
  const reminder = await world.receiptMail(emailId, 2);
  expect(reminder.subject).toBe('Still not known: Journal');
  expect(reminder.text).toMatch(
    /Perhaps sent: .* your administrator can send it again\. Until \d+ \w+ \d{4} at \d\d:\d\d UTC, then/,
  );
  await world.append(emailId, held([1], 'outcome-unknown'), rejected(null, 1));
  const last = await world.receiptMail(emailId, 3);
  expect(last.subject).toBe('Perhaps sent: Journal');
  expect(last.text).toContain('nobody decided in time whether to send it again');
  expect(filesIn(last)).toEqual([]);
  const { recipients } = (await world.get(`/v1/emails/${emailId}`)).body;
  expect(recipients[0]).toMatchObject({ status: 'rejected', because: 'hold-ended', perhapsSent: true });
});

it('of what was written in SecureMailBox for a mailbox that forwards outside the postmaster is told that it is held, and why', async () => {
  const emailId = newEmailId();
  await world.appendWhole(
    emailId,
    accepted({ from: 'kim@citizen.example', to: ['ola@demo.example'], inbound: true }),
    held([1], 'forwards-outside'),
  );
  const { to, text } = await world.receiptMail(emailId);
  expect([to].flat().map((each) => each?.text)).toEqual(['postmaster@demo.example']);
  expect(text).toContain(
    'Held, not sent: it was written in SecureMailBox, and the mailbox that it is for forwards outside your organisation.',
  );
  const { recipients } = await world.until(`/v1/emails/${emailId}`, ({ state }) => state === 'held');
  expect(recipients).toMatchObject([{ status: 'held' }]);
});

it.each([
  [2, [[0, 0]]],
  [
    25,
    [
      [0, 0],
      [0, 1],
    ],
  ],
  [
    100,
    [
      [0, 0],
      [0, 1],
      [0, 2],
    ],
  ],
])('of what is held for %i hours the sender is reminded as was set, once each', async (hours, expected) => {
  const emailId = newEmailId();
  world.setClock(ago(hours));
  await world.append(emailId, accepted(), planned([1], null), held([1]));
  const last = await world.receiptMail(emailId, expected.length);
  if (expected.length > 1) expect(last.subject).toBe('Still held: Journal');
  // Another one would have come by now; and one who starts anew does not begin anew.
  await sleep(300);
  const other = await world.start();
  await sleep(300);
  await other.close();
  expect(await receiptsOf(emailId)).toEqual(expected);
});

/** Beside the headers that a report has of it. */
const filesIn = ({ attachments }: ParsedMail) =>
  attachments.flatMap(({ filename, content }) =>
    filename === undefined ? [] : [[filename, content.toString()]],
  );

it.each([
  ['as a mail', 'Dear Bo', 'message/rfc822'],
  // Encoded it would be no message any more (RFC 2046 §5.2.1), and as it is not every server takes it.
  ['as octets, where it is 8-bit', 'Kære Bo', 'application/octet-stream'],
  ['as octets, where a line is too long', 'x'.repeat(2_000), 'application/octet-stream'],
])('a mail that nobody decided about goes back to its sender: %s', async (_, words, type) => {
  const emailId = newEmailId();
  const mail = `From: anna@demo.example\r\nSubject: Journal\r\n\r\n${words}\r\n`;
  const owner = { emailId, tenantId: TenantId.parse('demo') };
  const stored = await world.vault.put(owner, Readable.from([Buffer.from(mail)]));
  await world.appendWhole(emailId, accepted({ stored }), planned([1], null), held([1]), rejected(null, 1));
  const receipt = await world.receiptMail(emailId);
  expect(receipt.text).toContain('Your mail is attached.');
  // What stands before a delimiter is of the delimiter.
  expect(filesIn(receipt).map(([name, content]) => [name, content?.trimEnd()])).toEqual([
    ['original.eml', mail.trimEnd()],
  ]);
  // Its type alone may be guessed from the name.
  const file = receipt.attachments.find(({ filename }) => filename !== undefined);
  expect(file?.headers.get('content-type')).toMatchObject({ value: type });
});

it.each([
  ['refuse', 'ola@demo.example', false],
  ['refuse', 'OLA+x@demo.example', false],
  ['refuse', 'anna@demo.example', true],
  ['allow', 'ola@demo.example', true],
] as const)(
  'with %s it goes back to %s, also where that mailbox forwards outside: %s',
  async (forwardsOutside, from, goesBack) => {
    const folder = await mkdtemp(join(tmpdir(), 'held-test-'));
    const list = join(folder, 'mailboxes.csv');
    await writeFile(list, 'Mailbox,RedirectTo\nola@demo.example,ola@private.example\n');
    const guarded = await openReceiptsWorld({
      tenants: { demo: { forwardingFiles: [list], guards: { forwardsOutside } } },
    });
    const service = await guarded.start();
    const emailId = newEmailId();
    const owner = { emailId, tenantId: TenantId.parse('demo') };
    const mail = `From: ${from}\r\nSubject: Journal\r\n\r\nDear Bo\r\n`;
    const stored = await guarded.vault.put(owner, Readable.from([Buffer.from(mail)]));
    await guarded.appendWhole(
      emailId,
      accepted({ from, stored }),
      planned([1], null),
      held([1]),
      rejected(null, 1),
    );
    const receipt = await guarded.receiptMail(emailId);
    expect(filesIn(receipt)).toHaveLength(goesBack ? 1 : 0);
    for (const body of [receipt.text, receipt.html]) {
      expect(body).toContain(
        goesBack ? 'Your mail is attached.' : 'Your mail is not attached: your mailbox forwards outside',
      );
    }
    await service.close();
    await guarded.close();
    await rm(folder, { recursive: true });
  },
);

it('who rejected it gives the reason, and the mail does not go back; nor one that is lost', async () => {
  const [decided, lost] = [newEmailId(), newEmailId()];
  await world.appendWhole(decided, accepted(), planned([1], null), held([1]), rejected('Ida Iversen', 1));
  expect(filesIn(await world.receiptMail(decided))).toEqual([]);
  await world.appendWhole(lost, accepted(), planned([1], null), held([1]), rejected(null, 1));
  const receipt = await world.receiptMail(lost);
  expect([receipt.text?.includes('attached'), filesIn(receipt)]).toEqual([false, []]);
});

it('nobody is reminded of what was decided about', async () => {
  const emailId = newEmailId();
  world.setClock(ago(30));
  await world.appendWhole(emailId, accepted(), planned([1], null), held([1]), rejected(null, 1));
  const { text } = await world.receiptMail(emailId);
  expect(text).toContain('nobody decided in time');
  await sleep(300);
  expect(await receiptsOf(emailId)).toEqual([[1, 0]]);
});

it('the sender’s own settings say when he is reminded, and until when the mail is kept', async () => {
  await running.close();
  const who = { at: new Date(), by: 'Ida Iversen', keyId: null, reason: 'agreed' };
  const patches = { 'people/anna@demo.example': { holding: { remindAfterHours: [1], endAfterDays: 30 } } };
  await appendChange(world.pool, TenantId.parse('demo'), { version: 1, ...who, patches });
  running = await world.start();
  const [annas, bobs] = [newEmailId(), newEmailId()];
  world.setClock(ago(2));
  await world.append(bobs, accepted({ from: 'bob@demo.example' }), planned([1], null), held([1]));
  await world.append(annas, accepted(), planned([1], null), held([1]));
  const { subject, text } = await world.receiptMail(annas, 2);
  expect(subject).toBe('Still held: Journal');
  const until = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    Date.parse(ago(2)) + 30 * 24 * 3_600_000,
  );
  expect(text).toContain(`Until ${until}`);
  await sleep(300);
  expect(await receiptsOf(bobs)).toEqual([[0, 0]]);
});
