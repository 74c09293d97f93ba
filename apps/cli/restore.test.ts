// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@securemail/contracts';
import { readersBehind } from '@securemail/event-log/testing';
import { createPool } from '@securemail/event-store';
import { parseVerifierKeys, verifyFile } from '@securemail/ledger';
import { cloneDatabase, createDatabase, startSmtpSink, type SmtpSink } from '@securemail/testing';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { startAllInOne, type RunningGateway } from './all-in-one.ts';
import { audit } from './commands/audit.ts';
import { database } from './commands/database.ts';
import { list } from './commands/dead-letters.ts';
import { retention } from './commands/retention.ts';
import { AllSettings } from './settings.ts';
import { ensureDemoFiles, PEOPLE, type DemoPaths } from './world/demo-files.ts';
import { demoSettings } from './world/demo-settings.ts';

let folder: string;
let paths: DemoPaths;
let sink: SmtpSink;
let apiKey: string;
let gateway: RunningGateway | null = null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restore-test-'));
  paths = await ensureDemoFiles(folder);
  const [certificatePem = '', keyPem = ''] = await Promise.all(
    [paths.mailServerCertificate, paths.mailServerKey].map((file) => readFile(file, 'utf8')),
  );
  apiKey = await readFile(paths.apiKey, 'utf8');
  sink = await startSmtpSink({ tls: { certificatePem, keyPem } });
});
afterAll(async () => {
  await close();
  await sink.stop();
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);
const WHO = ['--by', 'Ida Iversen', '--reason', 'a drill'];
const by = { by: 'Ida Iversen', reason: 'a drill' };

function settingsOn(databaseUrl: string) {
  const ports = { ownMailServerPort: sink.port, outsidePort: sink.port, smtpPort: 0 };
  const settings = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  const ledger = { ...settings.receipts.ledger, checkpointSeconds: 1 };
  return { ...settings, receipts: { ...settings.receipts, ledger } };
}
/** Also for the commands. */
async function startOn(databaseUrl: string): Promise<void> {
  await writeFile(paths.config, stringify(settingsOn(databaseUrl)));
  const http = { host: '127.0.0.1', port: 0 };
  gateway = await startAllInOne(AllSettings.parse(settingsOn(databaseUrl)), http);
}
async function close(): Promise<void> {
  await gateway?.close();
  gateway = null;
}

const ask = async (path: string, body?: object) => {
  const response = await fetch(`${gateway?.url ?? ''}${path}`, {
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

/** Sent, and its sender told. */
async function sent(subject: string, ...to: string[]): Promise<string> {
  const letter = { from: PEOPLE.anna, to, subject, text: 'The words of the letter.' };
  const answer = await ask('/v1/emails', letter);
  expect(answer.status).toBe(202);
  const { emailId } = JSON.parse(answer.text) as { emailId: string };
  while ((await shown(emailId)).receipt?.deliveredAt == null) await sleep(100);
  return emailId;
}
const shown = async (emailId: string) =>
  JSON.parse((await ask(`/v1/emails/${emailId}`)).text) as {
    type?: string;
    subject: string | null;
    state: string;
    receipt?: { deliveredAt: string | null } | null;
  };

interface LedgerView {
  size: number;
  checkpoint: { size: number; note: string } | null;
  verification: { beganAt: string; leaves: number; faultCount: number } | null;
}
const ledger = async () => JSON.parse((await ask('/v1/ledger')).text) as LedgerView;

/** Everything is recorded, and what is recorded is signed. */
async function settled(databaseUrl: string): Promise<{ size: number; note: string }> {
  for (;;) {
    const behind = await readersBehind(databaseUrl);
    const { size, checkpoint } = await ledger();
    if (behind.length === 0 && checkpoint?.size === size) return checkpoint;
    await sleep(200);
  }
}
const exported = async () =>
  (await ask(`/v1/ledger/export?${new URLSearchParams({ from: '2020-01-01T00:00:00Z', ...by }).toString()}`))
    .text;
const eventIdsIn = (text: string) => [...text.matchAll(/"id":"([0-9a-f-]{36})"/g)].map(([, id]) => id);

async function run(
  make: (out: {
    print: (text: string) => void;
    say: (text: string) => void;
    fail: () => void;
    end: (code: number) => void;
  }) => Command,
  ...args: string[]
) {
  const out = { printed: '', code: 0 };
  const command = make({
    print: (text) => (out.printed += text),
    say: () => undefined,
    fail: () => (out.code = 1),
    end: (code) => (out.code = code),
  });
  await command.parseAsync(args, { from: 'user' });
  return out;
}
/** As a dump brings them into a server that has not come so far: there nobody reads on before it is said. */
async function asFromAnOlderServer(url: string): Promise<void> {
  const pool = createPool({ url, schema: 'intake', max: 1 });
  for (const schema of SERVICES)
    await pool.query(
      `alter table ${schema}.events disable trigger events_append_only;
       update ${schema}.events set txid = (4000000000 + position)::text::xid8;
       alter table ${schema}.events enable trigger events_append_only`,
    );
  await pool.end();
}

it('goes on from a backup: nothing twice, the gap can be seen, and what was erased is erased again', async () => {
  const onGateway = ['--config', paths.config];
  const original = await createDatabase();
  await startOn(original);
  const before = [
    await sent('To one outside', PEOPLE.person),
    await sent('To be erased', PEOPLE.colleague),
    await sent('To both', PEOPLE.person, PEOPLE.colleague),
  ];
  const [, erasedLater = ''] = before;
  const views = await Promise.all(before.map(shown));
  const key = (await ask('/v1/ledger/key')).text;
  await writeFile(file('ledger.vkey'), key);
  const exportBefore = await exported();
  const checkpointBefore = await settled(original);
  await writeFile(file('before.note'), checkpointBefore.note);
  await close();
  const backup = await cloneDatabase(original);

  // What is lost later.
  await startOn(original);
  const lost = [await sent('Lost', PEOPLE.person), await sent('Lost, too', PEOPLE.colleague)];
  expect((await ask('/v1/erasures', { ...by, emailId: erasedLater })).status).toBe(200);
  await settled(original);
  await writeFile(file('after.jsonl'), await exported());
  const checkpointAfter = await settled(original);
  expect(checkpointAfter.size).toBeGreaterThan(checkpointBefore.size);
  await writeFile(file('after.note'), checkpointAfter.note);
  const consistent = await run(audit, 'consistency', ...onGateway, '--kept', file('before.note'));
  expect(consistent.printed).toContain(checkpointAfter.note);
  await close();

  const restored = await cloneDatabase(backup);
  await asFromAnOlderServer(restored);
  await writeFile(paths.config, stringify(settingsOn(restored)));
  const told = await run(database, 'restored', ...onGateway);
  expect(told.printed).toMatch(/^receipts: [1-9]\d* events are read anew$/m);
  sink.clear();
  await startOn(restored);
  // Of another epoch: at first nobody has read a thing.
  await settled(restored);
  expect(await Promise.all(before.map(shown))).toEqual(views);
  for (const emailId of lost) expect((await shown(emailId)).type).toContain('email-not-found');

  // The ledger is the one of before, and each event is in it once.
  const again = await settled(restored);
  expect(again).toEqual(checkpointBefore);
  const exportAgain = await exported();
  expect(await verifyFile(Readable.from([Buffer.from(exportAgain)]), parseVerifierKeys(key))).toMatchObject({
    isVerified: true,
  });
  const ids = eventIdsIn(exportAgain);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(eventIdsIn(exportBefore)));
  await expect(run(audit, 'consistency', ...onGateway, '--kept', file('after.note'))).rejects.toThrow(
    'what was recorded was taken away',
  );

  // What was erased since the backup is back, until it is erased by what the kept export says.
  expect((await shown(erasedLater)).subject).toBe('To be erased');
  const recorded = ['--recorded-in', file('after.jsonl'), '--key', file('ledger.vkey')];
  const erased = await run(retention, 'erase', ...onGateway, ...recorded, ...WHO);
  expect(erased).toEqual({ printed: `${erasedLater}  erased\n`, code: 0 });
  const pool = createPool({ url: restored, schema: 'vault', max: 1 });
  const { rows } = await pool.query('select wrapped from data_keys where email_id = $1', [erasedLater]);
  await pool.end();
  expect(rows).toEqual([{ wrapped: null }]);

  // Everything was read once more by now, and nothing came of it.
  expect(sink.received()).toEqual([]);
  await sent('After it all', PEOPLE.person, PEOPLE.colleague);
  expect(sink.received().map(({ rcptTo }) => rcptTo.join())).toEqual(
    expect.arrayContaining([PEOPLE.person, PEOPLE.colleague, PEOPLE.anna]),
  );
  expect(sink.received()).toHaveLength(3);

  // Once it has grown past what was kept after the backup, that is of another history; what was kept before is not.
  while ((await settled(restored)).size <= checkpointAfter.size) await sent('And more', PEOPLE.person);
  for (const [kept, isConsistent] of [
    ['before', true],
    ['after', false],
  ] as const) {
    const proof = file(`${kept}.proof`);
    const note = file(`${kept}.note`);
    await run(audit, 'consistency', ...onGateway, '--kept', note, '--out', proof);
    const verdict = await run(audit, 'verify', proof, '--key', file('ledger.vkey'), '--kept', note);
    expect(verdict.printed).toMatch(
      isConsistent ? /^CONSISTENT\n/ : /^NOT CONSISTENT\nThe ledger does not begin/,
    );
    expect(verdict.code).toBe(isConsistent ? 0 : 1);
  }
  expect(await run(audit, 'replay', ...onGateway)).toMatchObject({ code: 0 });

  // A pass that began after all of this goes through all of it.
  await close();
  const { size } = await startedAgain(restored);
  let { verification } = await ledger();
  while (verification === null || verification.leaves < size) {
    await sleep(200);
    ({ verification } = await ledger());
  }
  expect(verification.faultCount).toBe(0);
  let letters = '';
  await list({ databaseUrl: restored, service: null, json: false }, { limit: 10, all: false }, (text) => {
    letters += text;
  });
  expect(letters).toBe('No dead letters.\n');
  // It starts a gateway four times.
}, 360_000);

async function startedAgain(databaseUrl: string) {
  await startOn(databaseUrl);
  return settled(databaseUrl);
}
