// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReceipts } from '@securemail/receipts';
import { createPool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { stringify } from 'yaml';
import { AllSettings } from '../settings.ts';
import { ensureDemoFiles } from '../world/demo-files.ts';
import { demoSettings } from '../world/demo-settings.ts';
import { audit } from './audit.ts';
import { projections } from './projections.ts';

let folder: string;
let config: string;
let databaseUrl: string;
let running: { close(): Promise<void> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-test-'));
  const paths = await ensureDemoFiles(folder);
  databaseUrl = await createDatabase();
  const ports = { ownMailServerPort: 1, outsidePort: 1, smtpPort: 0 };
  const settings = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  config = paths.config;
  await writeFile(config, stringify(settings));
  running = await startReceipts(AllSettings.parse(settings));
  // Who exports is what there is to export: each leaves an event.
  await run('export', ...WHO);
  await run('export', ...WHO);
  await writeFile(at('key'), (await run('key')).printed);
  await recorded(2);
  await run('export', ...WHO, '--out', at('all.jsonl'));
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

const WHO = ['--by', 'Anna', '--reason', 'yearly'];
const at = (name: string) => join(folder, name);
async function run(name: string, ...args: string[]) {
  const out = { printed: '', said: '', code: 0 };
  const command = audit({
    print: (text) => (out.printed += text),
    say: (text) => (out.said += text),
    end: (code) => (out.code = code),
  }).exitOverride();
  for (const each of command.commands)
    each.exitOverride().configureOutput({ writeErr: (text) => (out.said += text) });
  const which = name === 'verify' ? [] : ['--config', config];
  await command.parseAsync([name, ...which, ...args], { from: 'user' });
  return out;
}

/** Until the ledger has so many events. */
async function recorded(count: number): Promise<void> {
  for (let events = 0; events < count;)
    ({ events } = JSON.parse((await run('replay', '--json')).printed) as { events: number });
}

it('exports to a new file, which is verified with nothing but the public key', async () => {
  const { code, printed } = await run('verify', at('all.jsonl'), '--key', at('key'));
  expect(code).toBe(0);
  expect(printed).toMatch(/^VERIFIED\nledger {3}localhost\/securemail\/demo, \d+ leaves, root \S+\nsigned/);
  expect(printed).toContain('recorded from the beginning to its export: leaves 0 to');
  const { printed: json } = await run('verify', at('all.jsonl'), '--key', at('key'), '--json');
  expect(JSON.parse(json)).toMatchObject({ isVerified: true, faultCount: 0 });
  await expect(run('export', ...WHO, '--out', at('all.jsonl'))).rejects.toThrow('EEXIST');
});

it('proves that the ledger begins with what was kept of it, by itself and beside an export', async () => {
  const checkpointOf = async (file: string) => {
    const [header = ''] = (await readFile(file, 'utf8')).split('\n');
    return (JSON.parse(header) as { checkpoint: string }).checkpoint;
  };
  await writeFile(at('kept.note'), await checkpointOf(at('all.jsonl')));
  await recorded(3);
  await run('export', ...WHO, '--out', at('later.jsonl'));
  const size = (await checkpointOf(at('later.jsonl'))).split('\n')[1] ?? '';
  const kept = ['--kept', at('kept.note')];
  const lone = await run('verify', at('later.jsonl'), '--key', at('key'), ...kept);
  expect(lone).toMatchObject({
    code: 1,
    printed: expect.stringContaining('a proof of consistency is needed'),
  });
  await run('consistency', ...kept, '--of', size, '--out', at('grown.proof'));
  const whole = await run(
    'verify',
    at('later.jsonl'),
    '--key',
    at('key'),
    ...kept,
    '--consistency',
    at('grown.proof'),
  );
  expect(whole.code).toBe(0);
  expect(whole.printed).toMatch(
    new RegExp(`\nCONSISTENT\nThe ledger of ${size} leaves begins with the \\d+`),
  );
  const alone = await run('verify', at('grown.proof'), '--key', at('key'), ...kept);
  expect(alone).toMatchObject({ code: 0, printed: expect.stringMatching(/^CONSISTENT\n/) });
  await writeFile(at('other.note'), await checkpointOf(at('later.jsonl')));
  const other = await run('verify', at('grown.proof'), '--key', at('key'), '--kept', at('other.note'));
  expect(other).toMatchObject({ code: 1, printed: expect.stringMatching(/^NOT CONSISTENT\n/) });
  // A note that went through a mail or an editor.
  await writeFile(at('crlf.note'), (await readFile(at('kept.note'), 'utf8')).replaceAll('\n', '\r\n'));
  const same = await run('consistency', '--kept', at('crlf.note'), '--of', size);
  expect(same.printed).toBe(await readFile(at('grown.proof'), 'utf8'));
  // The file is older than what was kept: that accuses nobody, and can be proven.
  const newer = ['--key', at('key'), '--kept', at('other.note')];
  const older = await run('verify', at('all.jsonl'), ...newer);
  expect(older).toMatchObject({
    code: 1,
    printed: expect.stringMatching(
      /\nNOT PROVEN\nThis is of a ledger of \d+ leaves, and what was kept is of \d+: either this file is older, or leaves were taken away since\. /,
    ),
  });
  await run('consistency', '--kept', at('all.jsonl'), '--of', size, '--out', at('back.proof'));
  const back = await run('verify', at('all.jsonl'), ...newer, '--consistency', at('back.proof'));
  expect(back).toMatchObject({ code: 0, printed: expect.stringContaining('\nCONSISTENT\n') });
});

it('says what was touched, and ends with 1', async () => {
  const file = await readFile(at('all.jsonl'), 'utf8');
  await writeFile(at('touched.jsonl'), file.replace('"keyId":null', '"keyId":"no"'));
  const { code, printed } = await run('verify', at('touched.jsonl'), '--key', at('key'));
  expect(code).toBe(1);
  expect(printed).toMatch(/^NOT VERIFIED\n/);
  expect(printed).toMatch(
    /\nfault {4}changed: Line 3 is not what the ledger has as leaf 0\. It says that it is event /,
  );
});

it('ends with 2 where there is nothing to verify, or nothing to verify by', async () => {
  expect(await run('verify', at('none.jsonl'), '--key', at('key'))).toMatchObject({
    code: 2,
    said: expect.stringContaining('ENOENT'),
  });
  await writeFile(at('empty'), '\n');
  expect((await run('verify', at('all.jsonl'), '--key', at('empty'))).said).toContain('has no public key');
  await writeFile(at('other'), 'name+00000000+AAAA');
  expect((await run('verify', at('all.jsonl'), '--key', at('other'))).code).toBe(2);
});

it('replays, to now or to a moment', async () => {
  const now = await run('replay');
  expect(now.code).toBe(0);
  expect(now.printed).toMatch(/^\d+ events, 0 emails\nWhat is shown is what follows from these events\.\n$/);
  expect((await run('replay', '--at', '2020-01-01')).printed).toBe('0 events, 0 emails\n');
});

it('warns of a moment that can not be told after a clock that was ahead, and exports no range that ends there', async () => {
  const pool = createPool({ url: databaseUrl, schema: 'receipts', max: 1 });
  await pool.query(
    'create table kept_time as select tenant_id, leaf, recorded_at from ledger_leaves order by leaf desc limit 1',
  );
  const put = async (time: string) => {
    await pool.query('alter table ledger_leaves disable trigger all');
    await pool.query(
      `update ledger_leaves l set recorded_at = ${time} from kept_time k where k.tenant_id = l.tenant_id and k.leaf = l.leaf`,
    );
    await pool.query('alter table ledger_leaves enable trigger all');
  };
  await put(`now() + interval '1 year'`);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const { said } = await run('replay', '--at', tomorrow);
  expect(said).toContain('WARNING: A clock was ahead: the ledger has ');
  await expect(run('export', '--to', tomorrow, '--by', 'Anna', '--reason', 'yearly')).rejects.toThrow(
    'What was recorded before can not be told: export without --to.',
  );
  await put('k.recorded_at');
  await pool.query('drop table kept_time');
  await pool.end();
  expect((await run('replay', '--at', tomorrow)).said).toBe('');
});

it('takes nothing away that may only not be recorded yet, before somebody says so', async () => {
  const pool = createPool({ url: databaseUrl, schema: 'receipts', max: 1 });
  await pool.query(
    `insert into history (event_id, email_id, tenant_id, source, sequence, name, event)
      select '01a22aa5-190a-762b-a21d-6f77733eda09', '01a22aa5-190a-762b-a21d-6f77733eda08', 'demo', 'delivery', 1, 'Delivered',
        '{"id":"01a22aa5-190a-762b-a21d-6f77733eda09","name":"EmailInspected","version":1,"source":"receipts","time":"2026-01-31T08:00:00.000Z","tenantId":"demo","emailId":"01a22aa5-190a-762b-a21d-6f77733eda08","sequence":1,"traceparent":null,"data":{"keyId":"k"},"personal":null}'::jsonb`,
  );
  const rebuild = async (...args: string[]) => {
    const out = { printed: '', failed: false };
    const command = projections({
      print: (text) => (out.printed += text),
      say: () => undefined,
      fail: () => (out.failed = true),
    }).exitOverride();
    await command.parseAsync(['rebuild', '--config', config, ...args], { from: 'user' });
    return out;
  };
  const kept = async () => (await pool.query('select from history')).rowCount;
  const told =
    /^1 events of 1 emails were heard, and are not in the ledger: of 2026-01-31T08:00:00.000Z to 2026/;
  await expect(rebuild('--from-ledger')).rejects.toThrow(told);
  expect((await rebuild('--from-ledger', '--dry-run')).printed).toMatch(told);
  await expect(rebuild('--unrecorded', 'delete')).rejects.toThrow('--from-ledger');
  expect(await kept()).toBe(1);
  expect(await rebuild('--from-ledger', '--unrecorded', 'keep')).toMatchObject({ failed: false });
  expect(await kept()).toBe(1);
  expect((await rebuild('--from-ledger', '--unrecorded', 'delete')).printed).toContain(
    '1 that were not recorded are gone. ',
  );
  expect(await kept()).toBe(0);
  expect((await rebuild('--from-ledger', '--dry-run')).printed).toMatch(/^Everything that was heard until/);
  await pool.end();
});

it.each([
  ['--from, which is no time', ['export', ...WHO, '--from', 'yesterday'], 'a day (2026-01-31, of UTC)'],
  ['--to without its zone', ['export', ...WHO, '--to', '2026-01-31T08:00:00'], 'a time with its zone'],
  [
    'a time that ends before it begins',
    ['export', ...WHO, '--from', '2026-02-01', '--to', '2026-01-01'],
    '--to',
  ],
  [
    'an email and a time',
    ['export', ...WHO, '--email', '01a22aa5-190a-762b-a21d-6f77733eda08', '--to', '2026-01-01'],
    'whole',
  ],
  [
    'an email that nobody knows',
    ['export', ...WHO, '--email', '01a22aa5-190a-762b-a21d-6f77733eda08'],
    'nothing of such an email',
  ],
  ['an email that is none', ['replay', '--email', '17'], 'the id of an email'],
  ['another organisation', ['key', '--tenant', 'nobody'], '--tenant'],
])('%s is refused', async (_, args, why) => {
  await expect(run(args[0]!, ...args.slice(1))).rejects.toThrow(why);
});
