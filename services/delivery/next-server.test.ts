// SPDX-License-Identifier: Apache-2.0
import type { Phase } from '@securemail/testing';
import { inWorld, namesOf } from './testing/in-world.ts';

const INSIDER = 'ulla@demo.example';

describe('the next own mail server', () => {
  it.each(['wrong-name', 'expired', 'stranger', 'none'] as const)(
    'gets the mail where the TLS of the one before is not what it should be (%s)',
    (ownTls) =>
      inWorld({ ownTls, standBy: true }, async (world) => {
        const emailId = await world.protect([INSIDER], 'internal');
        const { data, personal } = await world.event(emailId, 'Delivered');
        expect(data.tls?.verified).toBe(true);
        expect(personal?.nextHop).toBe(`127.0.0.1:${world.standBy?.port}`);
        expect(world.own.counted().mails).toBe(0);
      }),
  );

  it.each<Phase>(['connect', 'greeting', 'ehlo', 'starttls'])(
    'gets the mail where the one before breaks off at %s',
    (phase) =>
      inWorld({ standBy: true, delivery: { retrySeconds: [3_600] } }, async (world) => {
        world.own.misbehave({ phase, action: 'drop' });
        await world.event(await world.protect([INSIDER], 'internal'), 'Delivered');
        expect(world.standBy?.counted().mails).toBe(1);
      }),
  );

  it('gets the mail after a short wait where the one before is silent, and all further mail at once', () =>
    inWorld(
      {
        standBy: true,
        delivery: { connectTimeoutSeconds: 1, replyTimeoutSeconds: 3_600, perDomainConcurrency: 1 },
      },
      async (world) => {
        world.own.misbehave({ phase: 'greeting', action: 'hang' });
        const emailIds = await Promise.all([1, 2, 3].map(() => world.protect([INSIDER], 'internal')));
        for (const emailId of emailIds) await world.event(emailId, 'Delivered');
        const started = await Promise.all(
          emailIds.map((emailId) => world.event(emailId, 'DeliveryAttemptStarted')),
        );
        const [own, standBy] = [world.own, world.standBy].map((sink) => `127.0.0.1:${sink?.port}`);
        expect(started.map(({ personal }) => personal?.nextHop).toSorted()).toEqual(
          [own, standBy, standBy].toSorted(),
        );
      },
    ));

  it('and the one before it get their mail, too, where both take long to greet', () =>
    inWorld(
      {
        standBy: true,
        delivery: { connectTimeoutSeconds: 1, replyTimeoutSeconds: 20, idleConnectionSeconds: 0 },
      },
      async (world) => {
        for (const sink of [world.own, world.standBy])
          sink?.misbehave({ phase: 'greeting', action: { delay: 1_500 } });
        for (let mail = 0; mail < 3; mail += 1) {
          const emailId = await world.protect([INSIDER], 'internal');
          await world.event(emailId, 'Delivered');
          expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'Delivered']);
        }
      },
    ));

  it('is dead, and the one before it slow: that one is waited for after all', () =>
    inWorld(
      {
        standBy: true,
        delivery: { connectTimeoutSeconds: 1, replyTimeoutSeconds: 20, retrySeconds: [3_600] },
      },
      async (world) => {
        world.own.misbehave({ phase: 'greeting', action: { delay: 1_500 } });
        world.standBy?.misbehave({ phase: 'connect', action: 'drop' });
        await world.event(await world.protect([INSIDER], 'internal'), 'Delivered');
        expect(world.own.counted().mails).toBe(1);
      },
    ));

  it('is not asked where the one before has refused the mail', () =>
    inWorld({ standBy: true }, async (world) => {
      world.own.misbehave({ phase: 'mail-from', action: { reply: '554 5.7.0 No' } });
      await world.event(await world.protect([INSIDER], 'internal'), 'Bounced');
      expect(world.standBy?.counted().mails).toBe(0);
    }));
});
