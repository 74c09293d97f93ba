// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainEvent } from '@securemail/contracts';
import { handoverOf } from './adapters/attempt.ts';
import type { StoredJob } from './adapters/jobs.ts';
import { inWorld, namesOf } from './testing/in-world.ts';
import type { DeliveryWorld } from './testing/running-delivery.ts';

const BO = 'bo@citizen.example';
const SECRET = 'Subject: Journal\r\n\r\nThis is for Bo alone.\r\n';
const NOTICE = 'Subject: A message for you\r\n\r\nIt lies there.\r\n';

/** Everything that any mail server was given. */
const received = ({ own, outside }: DeliveryWorld) => [...own.received(), ...outside.received()];

describe('a message that SecureMailBox keeps', () => {
  it('is given to no mail server, neither outside nor of its own', () =>
    inWorld({}, async (world) => {
      const kept = await world.protect([BO, 'ulla@demo.example'], 'mailbox', SECRET);
      // What comes after it in the log has been dealt with, so it has, too.
      const other = await world.protect([BO]);
      await world.event(other, 'Delivered');
      await sleep(300);
      expect(await namesOf(world, kept)).toEqual([]);
      expect(await world.jobs()).toBe(0);
      expect(received(world)).toHaveLength(1);
      expect(
        received(world)
          .map(({ content }) => content.toString())
          .join(),
      ).not.toContain('for Bo alone');
    }));

  it('is given to none either where a job was made of it by mistake', () =>
    inWorld({}, async (world) => {
      const emailId = await world.protect([BO], 'mailbox', SECRET);
      await world.addJob(emailId, 'citizen.example');
      for (; (await world.jobs()) > 0;) await sleep(20);
      expect(await namesOf(world, emailId)).toEqual([]);
      expect(received(world)).toEqual([]);
    }));

  it('is not so much as opened', () => {
    const vault = { get: () => fail('nobody may read it') } as never;
    const event = {
      name: 'EmailProtected',
      data: { method: 'mailbox', content: { size: 1 } },
      personal: { mailFrom: 'anna@demo.example', recipients: [] },
    } as unknown as DomainEvent;
    expect(handoverOf(event, { recipientIds: ['r1'] } as StoredJob, vault)).toBeNull();
  });
});

describe('the notification of a deposit', () => {
  it('goes to the servers of the recipient, who need not prove themselves, and counts as the message', () =>
    inWorld({}, async (world) => {
      const emailId = await world.protect([BO], 'mailbox', SECRET);
      await world.deposit(emailId, BO, NOTICE);
      expect((await world.event(emailId, 'Delivered')).data).toMatchObject({
        protectedMessageId: 'm1',
        recipientIds: ['r1'],
        reply: { code: 250 },
        tls: { verified: false },
      });
      expect(received(world)).toHaveLength(1);
      const [mail] = world.outside.received();
      expect(mail).toMatchObject({ mailFrom: 'securemail@demo.example', rcptTo: [BO] });
      expect(mail!.content.toString()).toBe(NOTICE);
    }));

  it('bounces as every mail does', () =>
    inWorld({}, async (world) => {
      world.outside.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' } });
      const emailId = await world.protect([BO], 'mailbox', SECRET);
      await world.deposit(emailId, BO, NOTICE);
      expect((await world.event(emailId, 'Bounced')).data).toMatchObject({
        recipientIds: ['r1'],
        reply: { code: 550 },
      });
    }));

  it('is not sent where the message can not be read any more', () =>
    inWorld({}, async (world) => {
      const emailId = await world.protect([BO], 'mailbox', SECRET);
      await world.deposit(emailId, BO, NOTICE, new Date(Date.now() - 1));
      expect((await world.event(emailId, 'DeliveryExpired')).data.attempts).toBe(0);
      expect(received(world)).toEqual([]);
    }));

  it('is sent again where nobody knows whether it arrived, whatever the tenant wants of mail', () =>
    inWorld({ whenOutcomeUnknown: 'hold' }, async (world) => {
      world.outside.misbehave({ phase: 'final-dot', action: 'drop', times: 1 });
      const emailId = await world.protect([BO], 'mailbox', SECRET);
      await world.deposit(emailId, BO, NOTICE);
      expect((await world.event(emailId, 'OutcomeUnknown')).data.next).toBe('send-again');
      await world.event(emailId, 'Delivered');
    }));
});

describe('the mail with a code', () => {
  const inAMinute = () => new Date(Date.now() + 60_000);

  it('goes to the servers of the recipient', () =>
    inWorld({}, async (world) => {
      const emailId = await world.issueCode(BO, { expiresAt: inAMinute(), mail: NOTICE });
      await world.event(emailId, 'Delivered');
      expect(world.outside.received()).toMatchObject([{ mailFrom: 'securemail@demo.example', rcptTo: [BO] }]);
    }));

  it('goes there in the same way where it tells what was changed, and is given up once that is no news', () =>
    inWorld({}, async (world) => {
      const name = 'MailboxNoticeIssued' as const;
      const late = await world.issueCode(BO, { expiresAt: new Date(Date.now() - 1), name });
      expect((await world.event(late, 'DeliveryExpired')).data.attempts).toBe(0);
      const emailId = await world.issueCode(BO, { expiresAt: inAMinute(), mail: NOTICE, name });
      await world.event(emailId, 'Delivered');
      expect(world.outside.received()).toMatchObject([{ mailFrom: 'securemail@demo.example', rcptTo: [BO] }]);
    }));

  it('to an own mailbox goes to the own servers, over verified TLS', () =>
    inWorld({}, async (world) => {
      const emailId = await world.issueCode('ulla@demo.example', { expiresAt: inAMinute() });
      expect((await world.event(emailId, 'Delivered')).data.tls).toMatchObject({ verified: true });
      expect(world.own.received()).toMatchObject([{ rcptTo: ['ulla@demo.example'] }]);
    }));

  it('is given up once the code is worth nothing, also where it was never tried', () =>
    inWorld({}, async (world) => {
      world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' } });
      const tried = await world.issueCode(BO, { expiresAt: new Date(Date.now() + 1_000) });
      const late = await world.issueCode(BO, { expiresAt: new Date(Date.now() - 1) });
      expect((await world.event(late, 'DeliveryExpired')).data.attempts).toBe(0);
      expect((await world.event(tried, 'DeliveryExpired')).data.attempts).toBeGreaterThan(0);
      expect(await namesOf(world, late)).toEqual(['DeliveryExpired']);
      expect(received(world)).toEqual([]);
      expect(await world.jobs()).toBe(0);
    }));

  it('is tried until then, also where other mail would have been given up', () =>
    inWorld({ delivery: { giveUpAfterHours: 0.1 / 3600 } }, async (world) => {
      world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' }, times: 3 });
      const emailId = await world.issueCode(BO, { expiresAt: inAMinute() });
      await world.event(emailId, 'Delivered');
    }));
});
