// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { startOnPlatform } from '@securemail/service';
import { createLogger, startTelemetry } from '@securemail/telemetry';
import { startHoldWatch } from './hold-watch.ts';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

/** An email that is held, and nobody who decides about it. */
async function heldIn(world: CryptoWorld): Promise<EmailId> {
  const running = await world.start();
  const emailId = await world.accept({ to: ['nobody@nowhere.example'] });
  await world.outcome(emailId);
  const isHeld = async () =>
    (await world.pool.query('select from held where email_id = $1', [emailId])).rowCount === 1;
  while (!(await isHeld())) await sleep(20);
  await running.close();
  return emailId;
}

it('that nobody decided about a mail is said in the trace of that mail', async () => {
  const telemetry = await startTelemetry({ serviceName: 'test' });
  const world = await openCryptoWorld();
  try {
    const emailId = await heldIn(world);
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    await world.pool.query(
      `update held set ends_at = now(), acceptance = jsonb_set(acceptance, '{traceparent}', to_jsonb($1::text))`,
      [`00-${traceId}-${spanId}-01`],
    );
    const said: string[] = [];
    const logger = createLogger('crypto', {
      level: 'info',
      destination: { write: (line) => said.push(line) },
    });
    await startOnPlatform({ service: 'crypto', settings: world.settings() }, async (platform) => {
      const watch = startHoldWatch({ ...platform, logger }, 50);
      while (said.length === 0) await sleep(20);
      await watch.close();
      await platform.close();
    });
    expect(JSON.parse(said[0] ?? '')).toMatchObject({
      msg: 'nobody decided: hold ended',
      emailId,
      trace_id: traceId,
      span_id: spanId,
    });
  } finally {
    await world.close();
    await telemetry.shutdown();
  }
});

it('what was held anew since its end was seen keeps all its time', async () => {
  const world = await openCryptoWorld();
  try {
    const emailId = await heldIn(world);
    await world.pool.query('update held set ends_at = now()');
    let looks = 0;
    const thenHeldAnew = (pool: Pool): Pool =>
      Object.assign(Object.create(pool) as Pool, {
        query: async (text: string, values: unknown[]) => {
          const found = await pool.query(text, values);
          if (text.includes('ends_at <= $1')) {
            looks += 1;
            await pool.query(`update held set ends_at = now() + interval '7 days'`);
          }
          return found;
        },
      });
    await startOnPlatform({ service: 'crypto', settings: world.settings() }, async (platform) => {
      const watch = startHoldWatch({ ...platform, pool: thenHeldAnew(platform.pool) }, 50);
      while (looks < 2) await sleep(20);
      await watch.close();
      await platform.close();
    });
    expect((await world.events(emailId)).map(({ name }) => name)).not.toContain('EmailRejected');
  } finally {
    await world.close();
  }
});
