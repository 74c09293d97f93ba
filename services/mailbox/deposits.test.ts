// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { EmailId } from '@securemail/contracts';
import { v7 as uuidv7 } from 'uuid';
import { BO, KIM, openMailboxWorld, SITE, type MailboxWorld } from './testing/running-mailbox.ts';
import { MAIL } from './testing/mails.ts';

let world: MailboxWorld;
beforeAll(async () => {
  world = await openMailboxWorld();
});
afterAll(() => world.close());

describe('what is protected for SecureMailBox', () => {
  let running: { close(): Promise<void> }[];
  beforeAll(async () => {
    // Two of them: whatever is deposited is deposited once all the same.
    running = await Promise.all([world.start(), world.start()]);
  });
  afterAll(() => Promise.all(running.map((each) => each.close())));

  it('is deposited for each recipient, with a link of his own, and he is told without a word of what was written', async () => {
    const emailId = await world.protectedFor([BO, KIM], MAIL);
    const deposits = await world.deposits(emailId, 2);
    expect(
      deposits.map(({ data, personal }) => [data.recipientIds, personal?.recipients[0]?.address]),
    ).toEqual([
      [['r1'], BO],
      [['r2'], KIM],
    ]);
    const days = (Date.parse(deposits[0]!.data.endsAt) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
    const [first, second] = [await world.notified(emailId, 1), await world.notified(emailId, 2)];
    expect(first.link).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(second.link).not.toBe(first.link);
    const { mail } = first;
    expect(mail.from?.value).toEqual([{ address: 'securemail@demo.example', name: 'Demo Kommune' }]);
    expect([mail.to].flat().map((each) => each?.text)).toEqual([BO]);
    expect(mail.subject).toBe('A secure message from Demo Kommune');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.html).toContain(`<a href="${SITE}/mailbox/m/${first.link}"`);
    expect(mail.text).toContain(`begins with ${SITE}/`);
    for (const secret of ['Afg', 'sagen', 'Anna', 'anna@', 'case-1', KIM]) {
      expect(mail.text).not.toContain(secret);
      expect(mail.html).not.toContain(secret);
      expect(JSON.stringify([...mail.headers])).not.toContain(secret);
    }
    await sleep(300);
    expect(await world.deposits(emailId)).toHaveLength(2);
  });

  it('ends when its sender wants it, and no later than any', async () => {
    const tomorrow = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 86_400_000);
    const ends = async (field: string) => {
      const emailId = await world.protectedFor([BO], `${field}\r\n${MAIL}`);
      return (await world.deposits(emailId))[0]?.data.endsAt;
    };
    expect(await ends(`Expiry-Date: ${tomorrow.toUTCString()}`)).toBe(tomorrow.toISOString());
    const days =
      (Date.parse((await ends('Expires: Sat, 29 Nov 2036 10:00:00 +0000')) ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
  });

  it('is read by nobody where that was over while it was held, but where it was over when it was handed in', async () => {
    const HOUR = 3_600_000;
    const ago = (hours: number) => new Date(Math.floor((Date.now() - hours * HOUR) / 1_000) * 1_000);
    const deposited = async (ended: Date) => {
      const emailId = EmailId.parse(uuidv7({ msecs: ago(2).getTime() }));
      const mail = `Expires: ${ended.toUTCString()}\r\n${MAIL}`;
      await world.protectedFor([BO], mail, 'mailbox', 'demo', emailId);
      const [deposit] = await world.deposits(emailId);
      const { link } = await world.notified(emailId);
      const { status } = await world.browser().ask('GET', `links/${link}`);
      return { endsAt: deposit!.data.endsAt, status };
    };
    expect(await deposited(ago(1))).toEqual({ endsAt: ago(1).toISOString(), status: 410 });
    const late = await deposited(ago(3));
    expect((Date.parse(late.endsAt) - Date.now()) / (24 * HOUR)).toBeCloseTo(30, 1);
    expect(late.status).toBe(200);
  });

  it('is nobody’s business where it goes another way', async () => {
    const emailId = await world.protectedFor([BO], MAIL, 'tls');
    const other = await world.protectedFor([BO], MAIL);
    await world.deposits(other);
    expect(await world.events(emailId)).toEqual([]);
  });

  it('leaves no address in the tables', async () => {
    await world.deposits(await world.protectedFor([BO], MAIL));
    const { rows } = await world.pool.query<{ row: string }>('select messages::text as row from messages');
    const all = rows.map(({ row }) => row).join('\n');
    expect(all).not.toContain('citizen.example');
    expect(all).not.toContain(Buffer.from(BO).toString('hex'));
  });
});

it('waits where the organisation has no SecureMailBox any more, and is deposited once it has one again', async () => {
  const without = await world.start({}, { mailbox: undefined });
  const emailId = await world.protectedFor([BO], MAIL);
  const letters = () => world.pool.query('select from dead_letters');
  while ((await letters()).rowCount === 0) await sleep(20);
  expect(await world.events(emailId)).toEqual([]);
  await without.close();
  const again = await world.start();
  await world.pool.query('update dead_letters set next_attempt_at = now()');
  await world.deposits(emailId);
  await again.close();
});
