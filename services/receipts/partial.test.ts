// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, TenantId, type EmailId } from '@securemail/contracts';
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
  planned,
  rejected,
  released,
  started,
  unproven,
} from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> }[];
beforeAll(async () => {
  world = await openReceiptsWorld();
  // Two of them: whatever is told is told once all the same.
  running = await Promise.all([world.start({ gatherSeconds: 2 }), world.start({ gatherSeconds: 2 })]);
});
afterAll(async () => {
  await Promise.all(running.map((each) => each.close()));
  await world.close();
});
afterEach(() => {
  world.setClock(null);
});

const NOBODY = 'z@nowhere.example';
const LI = 'li@citizen.example';
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const kindsTold = async (emailId: EmailId) =>
  (await world.told(emailId)).map((event) => (event.name === 'ReceiptIssued' ? event.data.kind : event.name));
async function untilTold(emailId: EmailId, ...kinds: string[]) {
  while ((await kindsTold(emailId)).length < kinds.length) await sleep(20);
  await sleep(2_500);
  expect(await kindsTold(emailId)).toEqual(kinds);
}
const attached = async (emailId: EmailId, ordinal: number) =>
  (await world.receiptMail(emailId, ordinal)).attachments.filter(({ filename }) => filename !== undefined);

describe('while somebody else is under way, the sender is told', () => {
  it('within a minute who is held and why, who is sent, and who is under way; and how it ended', async () => {
    const emailId = newEmailId();
    const from = Date.now();
    await world.append(emailId, accepted({ to: [NOBODY, BO, LI, KIM] }), held([1], 'domain-not-found'));
    await world.append(emailId, held([4]), started(2, 3), delivered(3), deferred(2));
    const { subject, text } = await world.receiptMail(emailId);
    expect(Date.now() - from).toBeLessThan(60_000);
    expect(subject).toBe('Partly held: Journal');
    expect(text).toMatch(/^Your mail is held for some of its recipients; to others it is still under way\./);
    expect(text).toMatch(/z@nowhere\.example\n {2}Held, not sent: .* correct the address\. Until/);
    expect(text).toContain(`${BO}\n  Not sent yet: the recipient’s mail server could not take it now (450`);
    expect(text).toContain(`${LI}\n  Sent `);
    expect(text).toContain(`${KIM}\n  Held, not sent: `);
    await untilTold(emailId, 'partial');
    // What systems are told is what everybody came to.
    expect((await world.get(`/v1/emails/${emailId}/receipt`)).status).toBe(404);
    await world.append(emailId, started(2), delivered(2));
    await untilTold(emailId, 'partial', 'final');
    expect((await world.receiptMail(emailId, 2)).subject).toBe('Partly sent: Journal');
  });

  it('of each decision', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ to: [NOBODY, BO, KIM] }), held([1, 3]), started(2), deferred(2));
    await untilTold(emailId, 'partial');
    await world.append(emailId, rejected('Ida Iversen', 1), released(3));
    await untilTold(emailId, 'partial', 'partial');
    const { subject, text } = await world.receiptMail(emailId, 2);
    expect(subject).toBe('Partly not sent: Journal');
    expect(text).toContain(`${NOBODY}\n  Not sent: Ida Iversen decided so (sent by letter).`);
    expect(text).toContain(`${KIM}\n  On its way.`);
  });

  it('of who was refused, at once', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ to: [NOBODY, BO] }), planned([1, 2]), started(1, 2));
    await world.append(emailId, bounced(1), deferred(2));
    await untilTold(emailId, 'partial');
    const { subject, text } = await world.receiptMail(emailId);
    expect(subject).toBe('Partly not sent: Journal');
    expect(text).toContain(`${NOBODY}\n  Not sent: the recipient’s mail server refused it (550 5.1.1).`);
    await world.append(emailId, started(2), delivered(2));
    await untilTold(emailId, 'partial', 'final');
  });

  it('of a server that does not prove itself, once, though nobody else is under way', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), planned([1], 'internal'), started(1), unproven(1));
    await untilTold(emailId, 'partial');
    const { subject, text } = await world.receiptMail(emailId);
    expect(subject).toBe('Still under way: Journal');
    expect(text?.replaceAll(/\s+/g, ' ')).toContain(
      `${BO} Not sent yet: the recipient’s mail server does not prove that it is the right one, so the mail stays here. We keep trying, and tell you how it ends. Only your administrator can mend that: please tell them.`,
    );
    await world.append(emailId, started(1), unproven(1));
    await untilTold(emailId, 'partial');
    await world.append(emailId, expired(1));
    await untilTold(emailId, 'partial', 'final');
    expect((await world.receiptMail(emailId, 2)).text?.replaceAll(/\s+/g, ' ')).toContain(
      'Not sent: the recipient’s mail server does not prove that it is the right one, and that for so long that we gave up.',
    );
  });

  it('of a release after which it could not be sent yet, and then how it ended', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted(), held([1]));
    await untilTold(emailId, 'final');
    await world.append(emailId, released(1), started(1), deferred(1));
    await untilTold(emailId, 'final', 'partial');
    const { subject, text } = await world.receiptMail(emailId, 2);
    expect([subject, text?.includes('We keep trying.')]).toEqual(['Still under way: Journal', true]);
    await world.append(emailId, planned([1]), started(1), delivered(1));
    await untilTold(emailId, 'final', 'partial', 'final');
    expect((await world.receiptMail(emailId, 3)).subject).toBe('Sent securely: Journal');
  });

  it('of the end of a hold, with the mail, once; and that the deadline was missed', async () => {
    const emailId = newEmailId();
    const owner = { emailId, tenantId: TenantId.parse('demo') };
    const stored = await world.vault.put(owner, Readable.from([Buffer.from('Subject: Journal\r\n\r\n')]));
    const deadlineAt = new Date(Date.now() + 8_000).toISOString();
    await world.append(emailId, accepted({ to: [NOBODY, BO], stored, deadlineAt }), held([1]));
    await world.append(emailId, started(2), deferred(2), rejected(null, 1));
    await untilTold(emailId, 'partial');
    expect((await world.receiptMail(emailId)).subject).toBe('Partly not sent: Journal');
    expect(await attached(emailId, 1)).toHaveLength(1);
    await untilTold(emailId, 'partial', 'DeadlineMissed', 'deadline');
    await world.append(emailId, delivered(2));
    await untilTold(emailId, 'partial', 'DeadlineMissed', 'deadline', 'final');
    expect(await attached(emailId, 3)).toEqual([]);
  });

  it('again of what is still held', async () => {
    const emailId = newEmailId();
    world.setClock(hoursAgo(25));
    const acceptance = accepted({ to: [NOBODY, BO], acceptedAt: hoursAgo(25) });
    await world.appendWhole(emailId, acceptance, held([1]), started(2), deferred(2));
    await untilTold(emailId, 'DeadlineMissed', 'deadline', 'reminder');
    expect((await world.receiptMail(emailId, 2)).subject).toBe('Still held: Journal');
  });
});

it('a hold ends when it was fixed to, whatever is set later', async () => {
  const [told, untold] = [newEmailId(), newEmailId()];
  await world.append(told, accepted(), held([1], 'no-certificate', '2031-03-04T05:06:00.000Z'));
  await world.append(untold, accepted(), held([1], 'no-certificate'));
  expect((await world.receiptMail(told)).text).toContain('Until 4 March 2031');
  expect((await world.receiptMail(untold)).text).not.toContain('2031');
});
