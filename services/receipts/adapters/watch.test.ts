// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { readExchangeLists, startOnPlatform } from '@securemail/service';
import { createLogger, startTelemetry } from '@securemail/telemetry';
import { openLedger } from '../ledger/index.ts';
import { openReceiptsWorld } from '../testing/running-receipts.ts';
import { accepted } from '../testing/story.ts';
import { startWatch } from './watch.ts';

const [TRACE, SPAN] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

type Line = Record<string, unknown>;

it('what the log says of an email whose sender can not be told, or was promised more, leads to its trace', async () => {
  const telemetry = await startTelemetry({ serviceName: 'test' });
  const world = await openReceiptsWorld();
  try {
    const running = await world.start();
    const [late, damaged] = [newEmailId(), newEmailId()];
    for (const emailId of [late, damaged])
      await world.appendIn(`00-${TRACE}-${SPAN}-01`, emailId, accepted());
    const known = async () => (await world.pool.query('select from emails')).rowCount;
    while ((await known()) !== 2) await sleep(20);
    await running.close();
    await world.pool.query(`update emails set deadline_at = now() - interval '1 hour'`);
    await world.pool.query(
      `update history set event = jsonb_set(event, '{data,deadlineAt}', '"2020-01-01T00:00:00.000Z"')`,
    );
    await world.pool.query(
      `update history set event = jsonb_set(event, '{personal}', '"AAAA"') where email_id = $1`,
      [damaged],
    );
    const lines: Line[] = [];
    const logger = createLogger('receipts', {
      level: 'info',
      destination: { write: (line) => lines.push(JSON.parse(line) as Line) },
    });
    const settings = world.settings();
    await startOnPlatform({ service: 'receipts', settings }, async (platform) => {
      const forwardings = await readExchangeLists(platform.tenants.values(), logger);
      const { prover } = openLedger(platform, settings.receipts.ledger);
      const watch = startWatch({ ...platform, logger }, settings.receipts, { prover, forwardings });
      const said = (msg: string) => lines.find((line) => line['msg'] === msg);
      while (!said('deadline missed') || !said('the sender could not be told, trying again')) await sleep(20);
      await watch.close();
      expect(said('the sender could not be told, trying again')).toMatchObject({
        emailId: damaged,
        trace_id: TRACE,
        span_id: SPAN,
      });
      expect(said('deadline missed')).toMatchObject({ emailId: late, trace_id: TRACE });
      await platform.close();
    });
  } finally {
    await world.close();
    await telemetry.shutdown();
  }
});
