// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryInUse } from '@securemail/testing';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
beforeAll(async () => {
  world = await openCryptoWorld();
});
afterAll(() => world.close());

const COPIES = 24;
const bcc = Array.from({ length: COPIES }, (_, index) => `desk-${index}@hospital.example`);
const message = `From: anna@demo.example\r\nSubject: Journal\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(2_000)}`;

it('many blind copies of a large mail are made a few at a time, in the memory of a few', async () => {
  const emailId = await world.accept({ to: ['bo@citizen.example'], bcc, message });
  const before = memoryInUse();
  let [peak, mostAtOnce] = [before, 0];
  const running = await world.start();
  while ((await world.events(emailId)).length === 0) {
    const { rowCount } = await world.pool.query(
      'select from vault.contents where email_id = $1 and finished_at is null',
      [emailId],
    );
    mostAtOnce = Math.max(mostAtOnce, rowCount ?? 0);
    peak = Math.max(peak, memoryInUse());
    await sleep(100);
  }
  await running.close();
  expect(mostAtOnce).toBeGreaterThan(0);
  expect(mostAtOnce).toBeLessThanOrEqual(4);
  expect(peak - before).toBeLessThan(48 * 1024 * 1024);
  const made = named(await world.events(emailId), 'EmailProtected');
  expect(made.map(({ personal }) => personal!.recipients.map(({ address }) => address))).toEqual([
    ['bo@citizen.example'],
    ...bcc.map((address) => [address]),
  ]);
});
