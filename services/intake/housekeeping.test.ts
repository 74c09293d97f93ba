// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { newEmailId, TenantId } from '@securemail/contracts';
import { createLogger } from '@securemail/telemetry';
import { tidy } from './housekeeping.ts';
import { httpClient, MAIL } from './testing/http-client.ts';
import { startTestIntake, type RunningTestIntake } from './testing/running-intake.ts';

let intake: RunningTestIntake;
beforeAll(async () => {
  intake = await startTestIntake();
});
afterAll(() => intake.close());

const logger = createLogger('test', { level: 'silent' });
const housekeeping = () => tidy({ pool: intake.pool, vault: intake.vault, logger });
const aDayPasses = () => intake.sql(`update vault.contents set stored_at = stored_at - interval '25 hours'`);
/** What intake leaves that is killed after storing and before accepting. */
const killedBeforeAccepting = () =>
  intake.vault.put(
    { emailId: newEmailId(), tenantId: TenantId.parse('demo') },
    Readable.from([Buffer.from('Dear Bo')]),
  );

it('removes after a day what was stored and never accepted, and nothing of an accepted email', async () => {
  expect((await httpClient(intake).postJson(MAIL)).status).toBe(202);
  const [accepted] = await intake.accepted();
  await intake.vault.put(accepted!, Readable.from([Buffer.from('what crypto made of it')]));
  await killedBeforeAccepting();
  await housekeeping();
  expect((await intake.contents()).readable).toBe(3);
  await aDayPasses();
  await housekeeping();
  expect((await intake.contents()).readable).toBe(2);
  expect(await intake.contentOf(accepted!)).toContain('Dear Bo');
});

it('keeps everything while it can not be known what was accepted', async () => {
  await killedBeforeAccepting();
  await aDayPasses();
  const before = await intake.contents();
  await intake.sql('alter table intake.events rename to hidden');
  await housekeeping();
  await intake.sql('alter table intake.hidden rename to events');
  expect(await intake.contents()).toEqual(before);
  await housekeeping();
  expect((await intake.contents()).readable).toBe(before.readable - 1);
});
