// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { SmtpSink } from '@securemail/testing';
import { inWorld, namesOf } from './testing/in-world.ts';
import { openDeliveryWorld } from './testing/running-delivery.ts';

const BO = 'bo@citizen.example';

/** What the server saw, once so many connections have ended. */
async function endings(sink: SmtpSink, connections: number) {
  for (let tries = 0; sink.endings().connections < connections && tries < 500; tries += 1) await sleep(20);
  return sink.endings();
}

describe('a connection ends with QUIT', () => {
  it.each([
    ['after each mail, where none is kept', 0],
    ['after the time that it waits for the next mail', 0.1],
  ])('%s', (_, idleConnectionSeconds) =>
    inWorld({ delivery: { idleConnectionSeconds } }, async (world) => {
      await world.event(await world.protect([BO]), 'Delivered');
      expect(await endings(world.outside, 1)).toEqual({ connections: 1, quits: 1 });
    }),
  );

  it.each(['mail-from', 'rcpt-to', 'data', 'final-dot'] as const)('after a refusal at %s', (phase) =>
    inWorld({}, async (world) => {
      world.outside.misbehave({ phase, action: { reply: '554 5.7.0 No' } });
      await world.event(await world.protect([BO]), 'Bounced');
      expect(await endings(world.outside, 1)).toEqual({ connections: 1, quits: 1 });
    }),
  );

  it('when delivery stops, which waits for no answer to it', async () => {
    const world = await openDeliveryWorld();
    const running = await world.start({ idleConnectionSeconds: 60 });
    await world.event(await world.protect([BO]), 'Delivered');
    world.outside.misbehave({ phase: 'quit', action: 'hang' });
    const began = Date.now();
    await running.close();
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(await endings(world.outside, 1)).toEqual({ connections: 1, quits: 1 });
    expect(Date.now() - began).toBeLessThan(6_000);
    await world.close();
  });
});

it('a connection that failed ends without a word, for it might be read as content', () =>
  inWorld({ delivery: { retrySeconds: [3_600] } }, async (world) => {
    world.outside.misbehave({ phase: 'final-dot', action: 'hang' });
    await world.event(await world.protect([BO]), 'OutcomeUnknown');
    expect(await endings(world.outside, 1)).toEqual({ connections: 1, quits: 0 });
  }));

describe('when delivery stops and a server is silent', () => {
  it.each(['greeting', 'data'] as const)(
    'at %s, the attempt is broken off, and the mail was certainly not sent',
    async (phase) => {
      const world = await openDeliveryWorld();
      const patient = { connectTimeoutSeconds: 60, replyTimeoutSeconds: 60, retrySeconds: [3_600] };
      const running = await world.start(patient);
      world.outside.misbehave({ phase, action: 'hang' });
      const emailId = await world.protect([BO]);
      await world.event(emailId, 'DeliveryAttemptStarted');
      await running.close();
      const { data } = await world.event(emailId, 'Deferred');
      expect(data).toMatchObject({ failure: 'delivery-stopped', reply: null });
      expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'Deferred']);
      await world.close();
    },
  );

  it('after the final dot, its answer is waited for', async () => {
    const world = await openDeliveryWorld();
    const running = await world.start({ finalDotTimeoutSeconds: 60 });
    world.outside.misbehave({ phase: 'final-dot', action: { delay: 12_000 } });
    const emailId = await world.protect([BO]);
    await world.event(emailId, 'DeliveryAttemptStarted');
    await running.close();
    expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'Delivered']);
    await world.close();
  });
});
