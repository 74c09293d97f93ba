// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newEmailId } from '@securemail/contracts';
import { openReceiptsWorld } from './testing/running-receipts.ts';
import { accepted, BO, deferred, KIM, madeFor, planned, started } from './testing/story.ts';

it('an upgrade to stages wakes nobody for mail that a server put off', async () => {
  const world = await openReceiptsWorld();
  const running = await world.start();
  try {
    const [putOff, stuck, half] = [newEmailId(), newEmailId(), newEmailId()];
    await world.append(putOff, accepted(), planned([1]), madeFor([BO]), started(1), deferred(1), started(1));
    await world.append(stuck, accepted(), planned([1]), madeFor([BO]));
    await world.append(
      half,
      accepted({ to: [BO, KIM] }),
      planned([1, 2]),
      madeFor([BO, KIM]),
      started(1),
      deferred(1),
    );
    const stages = async () => {
      const { rows } = await world.pool.query<{ emailId: string; stage: string }>(
        'select email_id as "emailId", stage from emails',
      );
      return new Map(rows.map(({ emailId, stage }) => [emailId, stage]));
    };
    const wanted = JSON.stringify(['retry', 'delivery', 'delivery']);
    const ofAll = async () => {
      const found = await stages();
      return JSON.stringify([putOff, stuck, half].map((emailId) => found.get(emailId)));
    };
    while ((await ofAll()) !== wanted);
    // As the release that brought stages left them.
    await world.pool.query(`update emails set stage = 'delivery'`);
    const migration = await readFile(join(import.meta.dirname, 'migrations/0016_retried.sql'), 'utf8');
    await world.pool.query(migration.split('-- Down Migration')[0] ?? '');
    expect(await ofAll()).toBe(wanted);
  } finally {
    await running.close();
    await world.close();
  }
});
