// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { startOnPlatform } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { openReceiptsWorld } from '../../testing/running-receipts.ts';
import { accepted } from '../../testing/story.ts';
import { startIndexer } from './make-findable.ts';

it('an indexer that stands still says so once, and once more where it does so again', async () => {
  const world = await openReceiptsWorld();
  const { pool } = world;
  try {
    const running = await world.start();
    await world.append(newEmailId(), accepted());
    while ((await pool.query('select from emails')).rowCount !== 1) await sleep(20);
    await running.close();
    const said: string[] = [];
    const logger = createLogger('receipts', {
      level: 'warn',
      destination: { write: (line) => said.push(line) },
    });
    const isTaken = async (away: boolean) => {
      await pool.query('update emails set findable = false');
      await pool.query(
        `alter table ${away ? 'found_by' : 'elsewhere'} rename to ${away ? 'elsewhere' : 'found_by'}`,
      );
    };
    await startOnPlatform({ service: 'receipts', settings: world.settings() }, async (platform) => {
      let tries = 0;
      const digestOf = () => {
        tries += 1;
        return Promise.resolve(createHash('sha256').update('a word').digest());
      };
      const triedOften = async () => {
        for (const until = tries + 20; tries < until;) await sleep(20);
      };
      await isTaken(true);
      const indexer = startIndexer({ ...platform, logger }, digestOf, 20);
      await triedOften();
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('emails could not be made findable, trying again');
      await isTaken(false);
      while ((await pool.query('select from emails where findable')).rowCount !== 1) await sleep(20);
      expect(said).toHaveLength(1);
      await isTaken(true);
      await triedOften();
      expect(said).toHaveLength(2);
      await indexer.close();
      await platform.close();
    });
  } finally {
    await world.close();
  }
});
