// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { newEmailId, TenantId, type EmailId } from '@securemail/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, bounced, delivered, held, rejected, started } from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld();
  running = await world.start({ mostInARow: 3 });
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const listed = async () => (await world.pool.query('select from digest_entries')).rowCount;

it.each([
  ['what went well waits for the digest', 'anna@demo.example', delivered, 1],
  ['so does trouble', 'anna@demo.example', bounced, 1],
  ['of lists the postmaster has heard enough', 'owner-list@demo.example', bounced, 0],
] as const)(
  'more than some in a row about the same recipients are not mailed one by one: %s',
  async (_what, from, end, digested) => {
    const before = (await listed()) ?? 0;
    const mailed: boolean[] = [];
    for (const to of ['row', 'row', 'other', 'row', 'row', 'other']) {
      const emailId = newEmailId();
      await world.append(emailId, accepted({ from, to: [`${to}@citizen.example`] }), started(1), end(1));
      let told = await world.told(emailId);
      for (; told.length === 0; told = await world.told(emailId)) await sleep(20);
      mailed.push(told.some((event) => event.name === 'ReceiptIssued' && event.data.content !== null));
    }
    expect(mailed).toEqual([true, true, true, true, false, true]);
    expect(await listed()).toBe(before + digested);
  },
);

it('of what is held beyond that is told within the hour, and each mail that nobody decided about comes back', async () => {
  const emailIds = Array.from({ length: 5 }, () => newEmailId());
  const mailed: boolean[] = [];
  for (const emailId of emailIds) {
    const owner = { emailId, tenantId: TenantId.parse('demo') };
    const content = Buffer.from('Subject: Journal\r\n\r\nDear Bo\r\n');
    const stored = await world.vault.put(owner, Readable.from([content]));
    const mail = { from: 'many@demo.example', to: ['held@citizen.example'], stored };
    await world.append(emailId, accepted(mail), held([1]));
    mailed.push((await issued(emailId, 1))[0]!);
  }
  expect(mailed).toEqual([true, true, true, false, false]);
  const { rows } = await world.pool.query<{ soon: boolean }>(
    `select due_at <= now() + interval '1 hour' as soon from digest_entries where email_id = any($1::uuid[])`,
    [emailIds],
  );
  expect(rows).toEqual([{ soon: true }, { soon: true }]);
  for (const [index, emailId] of emailIds.entries()) {
    await world.append(emailId, rejected(null, 1));
    expect((await issued(emailId, 2))[1]).toBe(true);
    const mail = await world.receiptMail(emailId, mailed[index] === true ? 2 : 1);
    expect(mail.attachments.map(({ filename }) => filename)).toContain('original.eml');
  }
});

it('a mail comes back once, whatever is decided later about another recipient', async () => {
  const emailId = newEmailId();
  const owner = { emailId, tenantId: TenantId.parse('demo') };
  const stored = await world.vault.put(
    owner,
    Readable.from([Buffer.from('Subject: Journal\r\n\r\nDear Bo\r\n')]),
  );
  const to = ['ida@citizen.example', 'kim@citizen.example'];
  const attached = async (count: number) => {
    await issued(emailId, count);
    const mail = await world.receiptMail(emailId, count);
    return mail.attachments.map(({ filename }) => filename);
  };
  await world.append(emailId, accepted({ from: 'once@demo.example', to, stored }), held([1, 2]));
  expect(await attached(1)).not.toContain('original.eml');
  await world.append(emailId, rejected(null, 1));
  expect(await attached(2)).toContain('original.eml');
  await world.append(emailId, rejected('Ida Iversen', 2));
  expect(await attached(3)).not.toContain('original.eml');
});

/** Whether each receipt was a mail of its own, once there are so many. */
async function issued(emailId: EmailId, count: number): Promise<boolean[]> {
  for (;;) {
    const all = (await world.told(emailId)).flatMap((event) =>
      event.name === 'ReceiptIssued' ? [event.data.content !== null] : [],
    );
    if (all.length >= count) return all;
    await sleep(20);
  }
}
