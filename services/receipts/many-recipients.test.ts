// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import pg from 'pg';
import { openReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, delivered, planned, started } from './testing/story.ts';

const RECIPIENTS = 300;

it('of an email with many recipients each event is not folded by itself, also right after a start', async () => {
  const world = await openReceiptsWorld();
  const emailId = newEmailId();
  const all = Array.from({ length: RECIPIENTS }, (_, index) => index + 1);
  const to = all.map((each) => `r${each}@citizen.example`);
  await world.append(emailId, accepted({ to }), planned(all));
  // All is there before the start: what comes one by one to a consumer that waits is rightly folded one by one.
  for (const each of all) await world.append(emailId, started(each), delivered(each));
  const query = Reflect.get(pg.Client.prototype, 'query') as (...asked: unknown[]) => unknown;
  let folds = 0;
  Object.assign(pg.Client.prototype, {
    query(this: pg.Client, ...asked: [{ name?: string }]) {
      if (asked[0].name === 'receipts/histories') folds += 1;
      return Reflect.apply(query, this, asked);
    },
  });
  const running = await world.start();
  try {
    while (!(await world.told(emailId)).some(({ name }) => name === 'ReceiptIssued')) await sleep(50);
    expect(folds).toBeGreaterThan(0);
    // After a start some 200 are handled one by one, for one of them may have ended the process; the others are not.
    expect(folds).toBeLessThan(RECIPIENTS);
  } finally {
    Object.assign(pg.Client.prototype, { query });
    await running.close();
    await world.close();
  }
});
