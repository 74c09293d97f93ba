// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { inWorld, namesOf } from './testing/in-world.ts';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

const BO = 'bo@citizen.example';
const STRAIGHT = ['DeliveryAttemptStarted', 'Delivered'];

/** A mail that the server has and has not yet answered for. */
async function unanswered(world: DeliveryWorld) {
  world.outside.misbehave({ phase: 'final-dot', action: { delay: 500 } });
  const emailId = await world.protect([BO]);
  while (world.outside.counted().mails === 0) await sleep(5);
  return emailId;
}

describe('an answer to the final dot that comes while the database is shut', () => {
  it.each([
    ['a shorter time than a lease lasts', 30],
    ['a longer time', 1],
  ])('for %s is recorded once it is back, and the mail goes once', (_, leaseSeconds) =>
    inWorld({ delivery: { leaseSeconds, finalDotTimeoutSeconds: 30 } }, async (world) => {
      const emailId = await unanswered(world);
      const open = await world.shutDatabase();
      await sleep(2_500);
      await open();
      while ((await world.jobs()) > 0) await sleep(50);
      expect(await namesOf(world, emailId)).toEqual(STRAIGHT);
      expect(world.outside.counted().mails).toBe(1);
    }),
  );

  it('is waited with for a while by a delivery that stops, and then left unknown', async () => {
    const world = await openDeliveryWorld();
    const stopping = await world.start();
    const emailId = await unanswered(world);
    const open = await world.shutDatabase();
    await sleep(1_000);
    await stopping.close();
    await open();
    expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted']);
    const next = await world.start({ retrySeconds: [3_600] });
    await world.event(emailId, 'OutcomeUnknown');
    await next.close();
    await world.close();
  });
});
