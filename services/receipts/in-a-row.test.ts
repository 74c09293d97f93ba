// SPDX-License-Identifier: Apache-2.0
import { newEmailId } from '@securemail/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReceiptsWorld, type ReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, bounced, delivered, started } from './testing/story.ts';

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openReceiptsWorld();
  running = await world.start({ mostInARow: 3 });
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const listed = async () => (await world.pool.query('select from digest_entries')).rowCount;

it.each([
  ['what went well waits for the digest', 'anna@demo.example', delivered, 1],
  ['so does trouble', 'anna@demo.example', bounced, 1],
  ['of lists the postmaster has heard enough', 'owner-list@demo.example', bounced, 0],
] as const)(
  'more than some in a row about the same recipients are not mailed one by one: %s',
  async (_what, from, end, digested) => {
    const before = (await listed()) ?? 0;
    const mailed: boolean[] = [];
    for (const to of ['row', 'row', 'other', 'row', 'row', 'other']) {
      const emailId = newEmailId();
      await world.append(emailId, accepted({ from, to: [`${to}@citizen.example`] }), started(1), end(1));
      let told = await world.told(emailId);
      for (; told.length === 0; told = await world.told(emailId)) await sleep(20);
      mailed.push(told.some((event) => event.name === 'ReceiptIssued' && event.data.content !== null));
    }
    expect(mailed).toEqual([true, true, true, true, false, true]);
    expect(await listed()).toBe(before + digested);
  },
);
