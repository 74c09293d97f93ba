// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { inWorld, LONG } from './testing/in-world.ts';

const BO = 'bo@citizen.example';
const KIM = 'kim@citizen.example';

it.each([
  ['the connection dies after the final dot', { phase: 'final-dot', action: 'drop' }, 'OutcomeUnknown'],
  ['DATA is put off', { phase: 'data', action: { reply: '451 4.3.0 Later' } }, 'Deferred'],
  ['the connection dies in the content', { phase: 'content', action: 'drop' }, 'Deferred'],
] as const)('knows who was refused, also when afterwards %s', (_, rule, others) =>
  inWorld({}, async (world) => {
    const action = { reply: '550 5.1.1 No such user' } as const;
    world.outside.misbehave({ phase: 'rcpt-to', recipient: KIM, action, times: 1 });
    world.outside.misbehave({ ...rule, times: 1 });
    const emailId = await world.protect([BO, KIM], 'smime-personal', LONG);
    expect((await world.event(emailId, others)).data.recipientIds).toEqual(['r1']);
    const { data } = await world.event(emailId, 'Bounced');
    expect(data).toMatchObject({ recipientIds: ['r2'], phase: 'rcpt-to', reply: { code: 550 } });
    expect((await world.event(emailId, 'Delivered')).data.recipientIds).toEqual(['r1']);
  }),
);

it('blames no recipient for what was said to the sender', () =>
  inWorld({}, async (world) => {
    // With PIPELINING the recipients are named all the same, and are answered 503.
    world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' }, times: 1 });
    world.outside.misbehave({ phase: 'data', action: 'drop', times: 1 });
    const emailId = await world.protect([BO, KIM]);
    const { data } = await world.event(emailId, 'Deferred');
    expect(data).toMatchObject({ recipientIds: ['r1', 'r2'], phase: 'mail-from', reply: { code: 451 } });
    await world.event(emailId, 'Delivered');
  }));

describe('more recipients than a server takes at once', () => {
  it.each(['452 4.5.3 Too many recipients', '552 Too many recipients'] as const)(
    '%s: the others follow at once, without waiting for the next try',
    (reply) =>
      inWorld({ delivery: { retrySeconds: [3_600] } }, async (world) => {
        world.outside.misbehave({ phase: 'rcpt-to', recipient: KIM, action: { reply }, times: 1 });
        const emailId = await world.protect([BO, KIM]);
        await world.event(emailId, 'Deferred');
        await world.outside.waitFor(({ rcptTo }) => rcptTo.includes(KIM));
        expect(world.outside.received().map(({ rcptTo }) => rcptTo)).toEqual([[BO], [KIM]]);
      }),
  );

  it.each(['452 4.2.2 Mailbox full', '552 5.2.2 Mailbox full'] as const)(
    '%s: is tried again later where nobody else was taken',
    (reply) =>
      inWorld({ delivery: { retrySeconds: [3_600] } }, async (world) => {
        world.outside.misbehave({ phase: 'rcpt-to', action: { reply } });
        const { data, time } = await world.event(await world.protect([BO, KIM]), 'Deferred');
        expect(data.recipientIds).toEqual(['r1', 'r2']);
        expect(Date.parse(data.nextAttemptAt) - Date.parse(time)).toBeGreaterThan(3_500_000);
      }),
  );

  it('never names more than a hundred in one transaction', () =>
    inWorld({}, async (world) => {
      const addresses = Array.from({ length: 250 }, (_, index) => `person-${index}@citizen.example`);
      await world.protect(addresses);
      for (let tries = 0; world.outside.counted().mails < 3 && tries < 200; tries += 1) await sleep(20);
      const named = world.outside.received().map(({ rcptTo }) => rcptTo);
      expect(named.map(({ length }) => length).toSorted()).toEqual([100, 100, 50]);
      expect(new Set(named.flat())).toEqual(new Set(addresses));
    }));
});
