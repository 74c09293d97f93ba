// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, newEventId, TenantId, type SealedEvent } from '@securemail/contracts';
import { verifyProofs } from '@securemail/ledger';
import { createLogger } from '@securemail/telemetry';
import { writeLedgerKey } from '../testing/ledger-key.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import { openLedgerSigner, type LedgerSigner } from './adapters/ledger-signer.ts';
import { record } from './adapters/record.ts';
import { openProver } from './prover.ts';
import { LedgerSettings } from './settings.ts';

const tenantId = TenantId.parse('proven');
let folder: string;
let world: ReceiptsWorld;
let running: { close(): Promise<void> };
let signer: LedgerSigner;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prover-test-'));
  const keyFile = await writeLedgerKey(folder);
  signer = openLedgerSigner(LedgerSettings.parse({ origin: 'ledger.example', keyFile }));
  world = await openReceiptsWorld();
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
  await rm(folder, { recursive: true });
});

const event = (): SealedEvent => ({
  id: newEventId(),
  name: 'Delivered',
  version: 1,
  source: 'delivery',
  time: new Date().toISOString(),
  tenantId,
  emailId: newEmailId(),
  sequence: 1,
  traceparent: null,
  data: {},
  personal: null,
});
const recordIn = async (ms: number, events: SealedEvent[]) => {
  await sleep(ms);
  await record(world.pool, events, new Date());
};

it('waits until what was just appended is recorded', async () => {
  const prove = openProver({ pool: world.pool, logger: createLogger('receipts') }, signer);
  const events = [event(), event()];
  const ids = events.map(({ id }) => id);
  expect(await prove(tenantId, ids, { waits: false })).toBeNull();
  const [proofs] = await Promise.all([prove(tenantId, ids, { waits: true }), recordIn(300, events)]);
  expect(verifyProofs(proofs ?? '', signer.verifiersOf(tenantId))).toMatchObject({
    isVerified: true,
    events: 2,
  });
});

it('goes on after a while in which the ledger stood still, however many asked meanwhile', async () => {
  let now = 0;
  const patience = { patienceMs: 2_000, againAfterMs: 60_000, now: () => now };
  const prove = openProver({ pool: world.pool, logger: createLogger('receipts') }, signer, patience);
  const never = () => prove(tenantId, [newEventId()], { waits: true });
  expect(await never()).toBeNull();
  for (; now < 60_000; now += 7_500) {
    expect(await never()).toBeNull();
  }
  const one = event();
  const [proof] = await Promise.all([prove(tenantId, [one.id], { waits: true }), recordIn(50, [one])]);
  expect(proof).not.toBeNull();
});

it('proves nothing where nobody signs, or nothing is asked for', async () => {
  const platform = { pool: world.pool, logger: createLogger('receipts') };
  expect(await openProver(platform, null)(tenantId, [newEventId()], { waits: true })).toBeNull();
  expect(await openProver(platform, signer)(tenantId, [], { waits: true })).toBeNull();
});
