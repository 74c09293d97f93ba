// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Address,
  newAttemptId,
  newContentId,
  newEmailId,
  protectedMessageId,
  recipientId,
  Sha256,
  TenantId,
  type EmailId,
  type EventName,
  type NewEvent,
  type ServiceName,
} from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { createPool, EventStore, migrateEventStore, type Pool } from '@securemail/event-store';
import { startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics, createDatabase } from '@securemail/testing';
import {
  createKeyFile,
  fileKeyEncryptionKey,
  migrateVault,
  postgresVault,
  type Vault,
} from '@securemail/vault';
import { startReceipts } from './service.ts';
import { Settings } from './settings.ts';
import { held, planned } from './testing/story.ts';

const PROMISE = 'securemail.email.promise.duration';
const OUTBOUND = { 'securemail.email.direction': 'outbound' };
const [r1, r2] = [recipientId(1), recipientId(2)];
const tenantId = TenantId.parse('demo');
type Teller = 'intake' | 'crypto' | 'delivery';

let metrics: CollectedMetrics;
let telemetry: Telemetry;
let folder: string;
let pools: Record<Teller | 'receipts', Pool>;
let stores: Record<Teller, EventStore>;
let vault: Vault;
let settings: Settings;
let running: { close(): Promise<void> }[];
/** What delivery's clock says. */
let deliveryTime: Date;

beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  folder = await mkdtemp(join(tmpdir(), 'receipts-metrics-'));
  const keyFile = join(folder, 'vault.key');
  await createKeyFile(keyFile);
  const url = await createDatabase();
  await migrateVault({ url });
  for (const schema of ['intake', 'crypto', 'delivery']) await migrateEventStore({ url, schema });
  const opened = await postgresVault({ url, kek: await fileKeyEncryptionKey(keyFile) });
  vault = opened.vault;
  const clock = () => deliveryTime;
  stores = {
    intake: new EventStore({ service: 'intake', cipher: opened.cipher }),
    crypto: new EventStore({ service: 'crypto', cipher: opened.cipher }),
    delivery: new EventStore({ service: 'delivery', cipher: opened.cipher, clock }),
  };
  const poolOf = (schema: ServiceName) => createPool({ url, schema, max: 2 });
  pools = {
    intake: poolOf('intake'),
    crypto: poolOf('crypto'),
    delivery: poolOf('delivery'),
    receipts: poolOf('receipts'),
  };
  settings = Settings.parse({
    database: { url },
    vault: { keyFile },
    tenants: [{ id: 'demo', name: 'Demo', domains: ['demo.example'], mailServers: [{ host: '127.0.0.1' }] }],
    receipts: { watchMs: 10 },
  });
  running = [await startReceipts(settings)];
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.close()));
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
  await vault.close();
  await telemetry.shutdown();
  await rm(folder, { recursive: true, force: true });
});

async function append(service: Teller, emailId: EmailId, ...events: NewEvent[]) {
  await stores[service].append(pools[service], { emailId, tenantId }, 'any', events);
  signalAppended(service);
}

/** An email that intake took so many seconds ago, for two recipients, and planned. */
async function accept(secondsAgo: number): Promise<EmailId> {
  const emailId = newEmailId();
  const acceptedAt = new Date(Date.now() - secondsAgo * 1_000);
  deliveryTime = acceptedAt;
  await append('intake', emailId, {
    name: 'EmailAccepted',
    data: {
      channel: 'rest',
      direction: 'outbound',
      secureBy: 'api',
      arrival: null,
      guards: [],
      submittedBy: 'app',
      automatic: null,
      handedIn: null,
      hideSubject: false,
      wroteInMailbox: [],
      content: { contentId: newContentId(), size: 1, sha256: Sha256.parse('0'.repeat(64)) },
      recipientIds: [r1, r2],
      acceptedAt: acceptedAt.toISOString(),
      deadlineAt: new Date(acceptedAt.getTime() + 600_000).toISOString(),
    },
    personal: {
      mailFrom: Address.parse('anna@demo.example'),
      recipients: [r1, r2].map((id, index) => ({
        recipientId: id,
        address: Address.parse(`r${index}@citizen.example`),
        disclosed: true,
      })),
      subject: 'Journal',
      messageId: '<1@demo.example>',
      arrival: null,
    },
  });
  await append('crypto', emailId, planned([1, 2]));
  return emailId;
}

/** A recipient was sent to, so many seconds after the last thing that happened. */
async function settle(emailId: EmailId, id: typeof r1, seconds: number, code: 250 | 550 = 250) {
  deliveryTime = new Date(deliveryTime.getTime() + seconds * 1_000);
  const attempt = {
    attemptId: newAttemptId(),
    protectedMessageId: protectedMessageId(1),
    recipientIds: [id],
  };
  const reply = { code, enhancedCode: null };
  const personal = { nextHop: null, replyText: null };
  await append(
    'delivery',
    emailId,
    code === 250
      ? { name: 'Delivered', data: { ...attempt, reply, tls: null }, personal }
      : { name: 'Bounced', data: { ...attempt, phase: 'rcpt-to', reply, failure: null }, personal },
  );
}

const tellings = async (emailId: EmailId, name: EventName) => {
  const { rows } = await pools.receipts.query('select from events where email_id = $1 and name = $2', [
    emailId,
    name,
  ]);
  return rows.length;
};

const oldest = (stage: string) => metrics.value('securemail.email.oldest.age', { 'securemail.stage': stage });

async function told(emailId: EmailId, name: EventName) {
  while ((await tellings(emailId, name)) === 0) await sleep(20);
}

it('records how long the promise took, once for each email that was sent to everybody', async () => {
  const emailId = await accept(100);
  await settle(emailId, r1, 20);
  await settle(emailId, r2, 22);
  await told(emailId, 'ReceiptIssued');
  const partly = await accept(100);
  await settle(partly, r1, 1);
  await settle(partly, r2, 1, 550);
  await told(partly, 'ReceiptIssued');
  const [point] = await metrics.points(PROMISE);
  expect(point).toMatchObject({ attributes: OUTBOUND, value: 1, sum: 42 });
});

it('records it once among replicas, and when events are delivered again', async () => {
  running.push(...(await Promise.all([startReceipts(settings), startReceipts(settings)])));
  const emailIds = await Promise.all(Array.from({ length: 10 }, () => accept(60)));
  for (const emailId of emailIds) for (const id of [r1, r2]) await settle(emailId, id, 1);
  for (const emailId of emailIds) await told(emailId, 'ReceiptIssued');
  // All is forgotten but what was told: everything arrives once more, and every receipt seems to be owed.
  await Promise.all(running.splice(0).map((each) => each.close()));
  await pools.receipts.query('truncate inbox, checkpoints, history, emails');
  running.push(await startReceipts(settings));
  const issued = async () => {
    const { rows } = await pools.receipts.query('select from emails where receipt_issued');
    return rows.length;
  };
  while ((await issued()) < emailIds.length) await sleep(20);
  expect(await metrics.value(PROMISE, OUTBOUND)).toBe(10);
});

it('calls no promise kept of a mail that is returned, and shows what nobody could send before there is any', async () => {
  const settled = (outcome: string) =>
    metrics.value('securemail.emails.settled', { ...OUTBOUND, 'securemail.outcome': outcome });
  expect([await settled('not-sent'), await settled('partly-sent')]).toEqual([0, 0]);
  const emailId = await accept(100);
  for (const id of [r1, r2]) await settle(emailId, id, 1, 550);
  while ((await settled('not-sent')) === 0) await sleep(20);
  expect(await counted()).toEqual({ missed: 0, kept: 0 });
});

it('tells of what was sent to one whether the other is held or was returned, for alerts to see it', async () => {
  const settled = (outcome: string) =>
    metrics.value('securemail.emails.settled', { ...OUTBOUND, 'securemail.outcome': outcome });
  expect([await settled('partly-held'), await settled('partly-sent')]).toEqual([0, 0]);
  const heldFor = await accept(100);
  await append('crypto', heldFor, held([2]));
  await settle(heldFor, r1, 1);
  while ((await settled('partly-held')) === 0) await sleep(20);
  expect(await settled('partly-sent')).toBe(0);
  const returnedFor = await accept(100);
  await settle(returnedFor, r1, 1);
  await settle(returnedFor, r2, 1, 550);
  while ((await settled('partly-sent')) === 0) await sleep(20);
  expect([await settled('partly-held'), await settled('held'), await settled('not-sent')]).toEqual([1, 0, 0]);
});

it('shows no receipt as stuck that nobody can be told by, or of an organisation that is gone', async () => {
  const emailIds = [await accept(1), await accept(1), await accept(1)];
  while ((await pools.receipts.query("select from emails where stage = 'protection'")).rowCount !== 3)
    await sleep(20);
  await Promise.all(running.splice(0).map((each) => each.close()));
  await pools.receipts.query("update emails set stage = 'receipt', stage_since = now() - interval '1 hour'");
  await pools.receipts.query('update emails set nobody_to_tell = true where email_id = $1', [emailIds[0]]);
  await pools.receipts.query("update emails set tenant_id = 'gone' where email_id = $1", [emailIds[1]]);
  running.push(await startReceipts(settings));
  expect(await metrics.value('securemail.emails.unfinished', { 'securemail.stage': 'receipt' })).toBe(1);
});

/**
 * Receipts is away meanwhile, and back; what delivery says it hears once the returned function is called: until then another
 * one has its place, and does nothing.
 */
async function whileAway(happens: () => Promise<void>): Promise<() => Promise<void>> {
  await Promise.all(running.splice(0).map((each) => each.close()));
  await happens();
  const client = await pools.receipts.connect();
  const lock = "(hashtextextended('receipts<delivery', 0))";
  await client.query(`select pg_advisory_lock${lock}`);
  running.push(await startReceipts(settings));
  return async () => {
    await client.query(`select pg_advisory_unlock${lock}`);
    client.release();
  };
}

/** To two recipients, to each of them so many seconds after what was before. */
async function sentWhileAway(seconds: number) {
  let emailId = newEmailId();
  const hear = await whileAway(async () => {
    emailId = await accept(3_000);
    for (const id of [r1, r2]) await settle(emailId, id, seconds);
  });
  return { emailId, hear };
}

const counted = async () => ({
  missed: await metrics.value('securemail.deadlines.missed'),
  kept: await metrics.value('securemail.promises', {
    'securemail.promise': 'whole',
    'securemail.outcome': 'kept',
  }),
});

it('tells nobody that a mail is late, nor that it takes long, which was sent in time and is heard of only later', async () => {
  const { emailId, hear } = await sentWhileAway(1);
  while ((await oldest('delivery')) === 0 && (await oldest('protection')) === 0) await sleep(20);
  await sleep(2_500);
  expect(await tellings(emailId, 'ReceiptIssued')).toBe(0);
  await hear();
  await told(emailId, 'ReceiptIssued');
  await sleep(500);
  expect(await tellings(emailId, 'ReceiptIssued')).toBe(1);
  expect(await tellings(emailId, 'DeadlineMissed')).toBe(0);
  expect(await counted()).toEqual({ missed: 0, kept: 1 });
});

it('tells that a mail was late also where it hears of it only when it is sent', async () => {
  const { emailId, hear } = await sentWhileAway(400);
  await hear();
  await told(emailId, 'ReceiptIssued');
  expect(await tellings(emailId, 'ReceiptIssued')).toBe(1);
  expect(await tellings(emailId, 'DeadlineMissed')).toBe(1);
  while ((await counted()).missed === 0) await sleep(20);
  expect(await counted()).toEqual({ missed: 1, kept: 0 });
});

it('counts a missed deadline once, and shows the age of the oldest email until it is settled', async () => {
  expect(await oldest('delivery')).toBe(0);
  running.push(await startReceipts(settings));
  const late = await accept(3_000);
  await accept(30);
  await told(late, 'DeadlineMissed');
  expect(await oldest('protection')).toBeGreaterThanOrEqual(3_000);
  for (const id of [r1, r2]) await settle(late, id, 1);
  // The first one says that the deadline was missed.
  while ((await tellings(late, 'ReceiptIssued')) < 2) await sleep(20);
  expect(await oldest('protection')).toBeLessThan(3_000);
  expect(await metrics.value('securemail.deadlines.missed')).toBe(1);
});

it('shows since when an email is not found that should be, and not that of which what is kept was changed', async () => {
  const unfindable = () => metrics.value('securemail.emails.unfindable.age');
  const unreadable = () => metrics.value('securemail.emails.unreadable');
  await pools.receipts.query(`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$`);
  await pools.receipts.query('create trigger no_room before insert on found_by execute function no_room()');
  const emailId = await accept(3_000);
  while ((await unfindable()) === 0) await sleep(20);
  // Since it was heard of, for only then it could be found.
  expect(await unfindable()).toBeLessThan(1_000);
  await pools.receipts.query('drop function no_room cascade');
  while ((await unfindable()) !== 0) await sleep(20);
  const { rows: found } = await pools.receipts.query('select from emails where findable');
  expect(found).toHaveLength(1);

  await pools.receipts.query(
    `update history set event = jsonb_set(event, '{personal}', to_jsonb(reverse(event ->> 'personal')))
      where email_id = $1 and name = 'EmailAccepted'`,
    [emailId],
  );
  await pools.receipts.query(
    `update emails set findable = false, unfindable_since = now() - interval '1 hour' where email_id = $1`,
    [emailId],
  );
  while ((await unreadable()) === 0) await sleep(20);
  expect(await unfindable()).toBe(0);
});
