// SPDX-License-Identifier: Apache-2.0
import { inWorld } from './testing/in-world.ts';

it('servers that do not greet take no places from those that do', () =>
  inWorld({ delivery: { concurrency: 2, replyTimeoutSeconds: 3_600 } }, async (world) => {
    world.outside.misbehave({ phase: 'greeting', action: 'hang', times: 4 });
    const silent = ['a', 'b', 'c', 'd'].map((name) => `bo@${name}.example`);
    for (const address of silent) await world.protect([address]);
    await world.event(await world.protect(['bo@healthy.example']), 'Delivered');
    expect(await world.jobs()).toBe(silent.length);
  }));
