// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventName } from '@securemail/contracts';
import {
  openDeliveryWorld,
  type DeliveryWorld,
  type Overrides,
  type WorldOptions,
} from './running-delivery.ts';

/** More than any socket's buffer takes, so that a connection can die before the final dot is written. */
export const LONG = `Subject: long\r\n\r\n${`${'x'.repeat(900)}\r\n`.repeat(20_000)}`;

/** A fresh world with a delivery running in it, closed in the end. */
export async function inWorld(
  options: WorldOptions & { delivery?: Overrides | ((world: DeliveryWorld) => Overrides) },
  test: (world: DeliveryWorld) => Promise<void>,
): Promise<void> {
  const world = await openDeliveryWorld(options);
  const { delivery } = options;
  const running = await world.start(typeof delivery === 'function' ? delivery(world) : delivery);
  try {
    await test(world);
  } finally {
    await running.close();
    await world.close();
  }
}

export const namesOf = async (world: DeliveryWorld, emailId: EmailId): Promise<EventName[]> =>
  (await world.events(emailId)).map(({ name }) => name);
