// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newAttemptId, TenantId } from '@securemail/contracts';
import { appendChange } from '@securemail/policy';
import { inWorld } from './testing/in-world.ts';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

const BO = 'bo@citizen.example';
const KIM = 'kim@citizen.example';

async function nextOf(world: DeliveryWorld, emailId: Parameters<DeliveryWorld['events']>[0]) {
  const events = await world.events(emailId);
  return events.flatMap((event) => (event.name === 'OutcomeUnknown' ? [event.data.next] : []));
}

async function jobsEnd(world: DeliveryWorld): Promise<void> {
  for (let tries = 0; (await world.jobs()) > 0 && tries < 200; tries += 1) await sleep(50);
}

it('makes three copies at most of a mail whose arrival nobody confirms, and then leaves it to a person', () =>
  inWorld({}, async (world) => {
    world.outside.misbehave({ phase: 'final-dot', action: 'drop', keeps: true });
    const emailId = await world.protect([BO, KIM]);
    await world.event(emailId, 'OutcomeUnknown');
    await jobsEnd(world);
    expect(await nextOf(world, emailId)).toEqual(['send-again', 'send-again', 'hold']);
    expect(world.outside.counted().mails).toBe(3);
  }));

it('counts a worker that died in an attempt as one of the three', () =>
  inWorld({}, async (world) => {
    world.outside.misbehave({ phase: 'final-dot', action: 'drop', keeps: true });
    world.outside.misbehave({ phase: 'mail-from', action: { delay: 500 } });
    const emailId = await world.protect([BO]);
    await world.event(emailId, 'OutcomeUnknown');
    await world.pool.query(
      'update jobs set open_attempt = $1, attempts = attempts + 1, due_at = now(), leased_until = null',
      [newAttemptId()],
    );
    await jobsEnd(world);
    expect(await nextOf(world, emailId)).toEqual(['send-again', 'send-again', 'hold']);
    expect(world.outside.counted().mails).toBe(2);
  }));

it('goes on as long as it is certain that nothing arrived', () =>
  inWorld({}, async (world) => {
    world.outside.misbehave({ phase: 'data', action: 'drop', times: 4 });
    const emailId = await world.protect([BO]);
    await world.event(emailId, 'Delivered');
    expect(await nextOf(world, emailId)).toEqual([]);
  }));

it('asks the sender’s own settings what to do then', async () => {
  const world = await openDeliveryWorld({ whenOutcomeUnknown: 'send-again' });
  const who = { at: new Date(), by: 'Ida Iversen', keyId: null, reason: 'agreed' };
  const patches = { 'people/anna@demo.example': { whenOutcomeUnknown: 'hold' } };
  await appendChange(world.pool, TenantId.parse('demo'), { version: 1, ...who, patches });
  const running = await world.start();
  try {
    world.outside.misbehave({ phase: 'final-dot', action: 'drop', keeps: false, times: 1 });
    const emailId = await world.protect([BO]);
    expect((await world.event(emailId, 'OutcomeUnknown')).data.next).toBe('hold');
  } finally {
    await running.close();
    await world.close();
  }
});
