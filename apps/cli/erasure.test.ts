// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, EventStore, type Pool } from '@securemail/event-store';
import { eventIn, parseVerifierKeys, verifyFile } from '@securemail/ledger';
import { fileKeyEncryptionKey, postgresVault } from '@securemail/vault';
import { projections } from './commands/projections.ts';
import { retention } from './commands/retention.ts';
import { PEOPLE } from './world/demo-files.ts';
import { startDemoWorld, type DemoWorld } from './world/demo-world.ts';

let folder: string;
let world: DemoWorld;
let pool: Pool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erasure-test-'));
  // Where root tests, Postgres is somebody else.
  await chmod(folder, 0o755);
  const ports = { httpPort: 0, smtpPort: 0, inboundPort: 0 };
  world = await startDemoWorld({
    dataDir: folder,
    bus: 'postgres',
    ...ports,
    mailbox: true,
    say: () => undefined,
  });
  pool = createPool({ url: world.settings.database.url, schema: 'receipts', max: 2 });
});
afterAll(async () => {
  await pool.end();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** In nobody's address, subject or text but these. */
const READER = 'zebrafink.reader';
const SUBJECT = 'Quagga 4711';
const TEXT = 'Okapi 0815';
const NAMED = [READER, SUBJECT, TEXT];

const ask = async (path: string, body?: object) => {
  const response = await fetch(`${world.gateway.url}${path}`, {
    headers: { Authorization: `Bearer ${world.apiKey}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};
const by = { by: 'Ida Iversen', reason: 'the retention schedule' };

/** Each row of each table that has one of these, as text or as octets. */
async function rowsThatSay(words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const sought = words.flatMap((word) => [word, Buffer.from(word).toString('hex')]);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await pool.query(
      `select from ${name} as t where exists (
         select from unnest($1::text[]) as word where position(lower(word) in lower(t::text)) > 0)`,
      [sought],
    );
    if (rowCount !== null && rowCount > 0) found.push(`${name}: ${rowCount}`);
  }
  return found;
}

/** The names of events, of whichever stream, that say one of these to who has the key of the vault. */
async function eventsThatSay(words: readonly string[]): Promise<string[]> {
  const { url } = world.settings.database;
  const kek = await fileKeyEncryptionKey(world.settings.vault.keyFile);
  const { vault, cipher } = await postgresVault({ url, kek });
  try {
    const store = new EventStore({ service: 'receipts', cipher });
    const { rows } = await pool.query<{ content: string }>('select content from ledger_leaves');
    const opened = await Promise.all(rows.map(({ content }) => store.open(eventIn(content).event)));
    return opened
      .filter(({ personal }) => words.some((word) => JSON.stringify(personal).includes(word)))
      .map(({ name }) => name);
  } finally {
    await vault.close();
  }
}

const WHO = ['--by', 'Ida Iversen', '--reason', 'the retention schedule'];
async function run(...args: string[]) {
  const out = { printed: '', failed: false };
  const command = retention({
    print: (text) => (out.printed += text),
    say: () => undefined,
    fail: () => (out.failed = true),
  }).exitOverride();
  for (const each of command.commands) each.exitOverride().configureOutput({ writeErr: () => undefined });
  const [name = '', ...rest] = args;
  await command.parseAsync([name, '--config', world.paths.config, ...rest], { from: 'user' });
  return out;
}

/** Sent, and its sender told. */
async function sent(to: readonly string[]): Promise<string> {
  const letter = { from: PEOPLE.anna, to, subject: SUBJECT, text: TEXT };
  const { emailId } = JSON.parse((await ask('/v1/emails', letter)).text) as { emailId: string };
  while ((await stateOf(emailId)).receipt?.deliveredAt == null) await sleep(100);
  return emailId;
}
const stateOf = async (emailId: string) =>
  JSON.parse((await ask(`/v1/emails/${emailId}`)).text) as {
    recipients: { method: string | null }[];
    receipt?: { deliveredAt: string | null } | null;
  };
const recordedOf = async (emailId: string) =>
  JSON.parse((await ask(`/v1/ledger/replay/${emailId}`)).text) as {
    events: { name: string }[];
    differences: unknown[];
  };
async function exported(emailId: string) {
  while (!(await recordedOf(emailId)).events.some(({ name }) => name === 'ContentErased')) await sleep(100);
  const { text: key } = await ask('/v1/ledger/key');
  const wanted = new URLSearchParams({ emailId, ...by });
  const { text: file } = await ask(`/v1/ledger/export?${wanted.toString()}`);
  return { key, file };
}

it('leaves nothing in any table that says who wrote to whom, or what, and a ledger that is verified', async () => {
  const emailId = await sent([`${READER}@nowhere.example`, `${READER}@demo.example`]);
  const { recipients } = await stateOf(emailId);
  expect(recipients.map(({ method }) => method)).toEqual(['mailbox', 'internal']);
  expect(await eventsThatSay(NAMED)).toEqual(
    expect.arrayContaining(['EmailAccepted', 'EmailProtected', 'MailboxMessageDeposited']),
  );

  const readable = await ask('/v1/erasures', { ...by, emailId });
  expect([readable.status, readable.text]).toEqual([409, expect.stringContaining('take it back first')]);
  expect((await ask(`/v1/emails/${emailId}/withdraw`, {})).status).toBe(200);
  let erased = await ask('/v1/erasures', { ...by, emailId });
  while (erased.status === 409) {
    await sleep(100);
    erased = await ask('/v1/erasures', { ...by, emailId });
  }
  expect(erased.status).toBe(200);
  expect(await rowsThatSay(NAMED)).toEqual([]);

  const { key, file } = await exported(emailId);
  expect((await recordedOf(emailId)).differences).toEqual([]);
  expect(await eventsThatSay(NAMED)).toEqual([]);
  // What names nobody is still found by who has its id, and is proven.
  const verdict = await verifyFile(Readable.from([Buffer.from(file)]), parseVerifierKeys(key));
  expect(verdict).toMatchObject({ isVerified: true });
  for (const word of NAMED) expect(file).not.toContain(word);
});

it('erases at the command line, and again what a restored vault has, by what an export says', async () => {
  const emailId = await sent([`${READER}@demo.example`]);
  const keyOf = async () =>
    (
      await pool.query<{ wrapped: Buffer | null }>('select * from vault.data_keys where email_id = $1', [
        emailId,
      ])
    ).rows[0];
  const before = await keyOf();
  const held = await run('hold', '--email', emailId, ...WHO);
  expect(await run('erase', '--email', emailId, ...WHO)).toEqual({
    printed: expect.stringContaining(`${emailId}  is kept by legal hold `),
    failed: true,
  });
  const [holdId = ''] = /[0-9a-f-]{36}/.exec(held.printed) ?? [];
  expect((await run('holds')).printed).toMatch(
    new RegExp(`^${holdId}  email ${emailId}  \\S+  holds  Ida Iversen  the retention schedule\n$`),
  );
  await run('lift', holdId, ...WHO);
  expect((await run('holds')).printed).toBe('No legal holds.\n');
  const dry = await run('erase', '--email', emailId, '--dry-run', ...WHO);
  expect(dry).toEqual({ printed: `${emailId}  would be erased\n`, failed: false });
  expect((await keyOf())?.wrapped).toEqual(before?.wrapped);
  const erased = await run('erase', '--email', emailId, ...WHO);
  expect(erased).toEqual({ printed: `${emailId}  erased\n`, failed: false });
  expect((await keyOf())?.wrapped).toBeNull();
  expect((await run('show')).printed).toBe(
    'Emails are kept until somebody erases them.\n0 emails are erased next. 0 legal holds.\n',
  );

  const { key, file } = await exported(emailId);
  const [exportFile, keyFile] = [join(folder, 'erased.jsonl'), join(folder, 'ledger.vkey')];
  await writeFile(exportFile, file);
  await writeFile(keyFile, key);
  // As an older backup of the vault has it.
  await pool.query('update vault.data_keys set wrapped = $2, erased_at = null where email_id = $1', [
    emailId,
    before?.wrapped,
  ]);
  const restored = (await keyOf())?.wrapped;
  const dryAgain = await run('erase', '--email', emailId.toUpperCase(), '--dry-run', ...WHO);
  expect(dryAgain.printed).toMatch(
    new RegExp(`^${emailId}  was erased at .+Z; whatever of it is there again would be destroyed\n$`),
  );
  expect((await keyOf())?.wrapped).toEqual(restored);
  const again = await run('erase', '--recorded-in', exportFile, '--key', keyFile, ...WHO);
  expect(again.printed).toMatch(new RegExp(`^${emailId}  was erased at .+Z; whatever of it`));
  expect((await keyOf())?.wrapped).toBeNull();
  await writeFile(exportFile, file.replace('"request"', '"Request"'));
  await expect(run('erase', '--recorded-in', exportFile, '--key', keyFile, ...WHO)).rejects.toThrow(
    'Nothing was erased',
  );
});

it('stays erased where what is shown is made anew at the command line', async () => {
  const erasedAt = async () =>
    (await pool.query<{ at: Date | null }>('select erased_at as at from emails order by accepted_at')).rows;
  const before = await erasedAt();
  await pool.query('update emails set erased_at = null');
  let printed = '';
  const command = projections({
    print: (text) => (printed += text),
    say: () => undefined,
    fail: () => undefined,
  }).exitOverride();
  await command.parseAsync(['rebuild', '--config', world.paths.config], { from: 'user' });
  expect(printed).toBe(`${before.length} emails were made anew, and are shown now.\n`);
  expect(await erasedAt()).toEqual(before);
  expect(before.filter(({ at }) => at !== null)).toHaveLength(2);
});
