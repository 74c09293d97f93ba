// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { inWorld } from './testing/in-world.ts';

it('servers that do not greet take no places from those that do', () =>
  inWorld({ delivery: { concurrency: 2, replyTimeoutSeconds: 3_600 } }, async (world) => {
    world.outside.misbehave({ phase: 'greeting', action: 'hang', times: 4 });
    const silent = ['a', 'b', 'c', 'd'].map((name) => `bo@${name}.example`);
    for (const [index, address] of silent.entries()) {
      await world.protect([address]);
      // One after the other, so that it is these four that are not greeted.
      while ((await world.jobs()) <= index) await sleep(20);
    }
    await world.event(await world.protect(['bo@healthy.example']), 'Delivered');
    expect(await world.jobs()).toBe(silent.length);
  }));
