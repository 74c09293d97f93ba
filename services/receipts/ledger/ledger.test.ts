// SPDX-License-Identifier: Apache-2.0
import { execFile, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newEmailId, SERVICES, TenantId } from '@securemail/contracts';
import { postgresEventLog } from '@securemail/event-log';
import { createPool } from '@securemail/event-store';
import {
  entryOf,
  Frontier,
  hashOfLeaf,
  hashOfRange,
  isConsistent,
  consistencyProof,
  openNote,
  parseCheckpoint,
  parseVerifierKeys,
  subtreesIn,
  verifyConsistency,
  verifyExport,
} from '@securemail/ledger';
import { createApiKey } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { missing, pythonWithCryptography } from '@securemail/testing';
import { writeLedgerKey } from '../testing/ledger-key.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import { sentIn } from '../testing/sent.ts';
import { secondsAhead } from './adapters/ahead.ts';
import { lastCheckpoint, signCheckpoint } from './adapters/checkpoints.ts';
import { openLedgerSigner } from './adapters/ledger-signer.ts';
import { lookHowFar, type Reached } from './adapters/reached.ts';
import { record } from './adapters/record.ts';
import { tilesOf } from './adapters/tiles.ts';
import { verifyLedger, type LedgerFault } from './adapters/verify-ledger.ts';
import { exportLedger } from './export-ledger.ts';
import { LedgerSettings } from './settings.ts';

const auditor = createApiKey('audit');
const otherAuditor = createApiKey('other-audit');
/** Who may replay, too. */
const bothAuditor = createApiKey('other-both');
let world: ReceiptsWorld;
let folder: string;
let keyFile: string;
let running: { close(): Promise<void> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-test-'));
  keyFile = await writeLedgerKey(folder);
  world = await openReceiptsWorld({
    moreKeys: {
      demo: [{ id: 'audit', sha256: auditor.sha256, scopes: ['audit'] }],
      other: [
        { id: 'other-audit', sha256: otherAuditor.sha256, scopes: ['audit'] },
        { id: 'other-both', sha256: bothAuditor.sha256, scopes: ['audit', 'emails:read'] },
      ],
    },
  });
  await start({ keyFile });
});
afterAll(async () => {
  await running.close();
  await world.close();
  await rm(folder, { recursive: true });
});

const start = async (keys: { keyFile: string; formerKeyFiles?: string[] }) => {
  running = await world.start({ ledger: { origin: 'ledger.example', checkpointSeconds: 0.2, ...keys } });
};
const ask = (path: string, key = auditor.key) => world.ask(`/v1/ledger/${path}`, {}, key);
const verifiers = async (key = auditor.key) => parseVerifierKeys((await ask('key', key)).text);
const WHO = 'by=Anna&reason=yearly';
const exported = async (query = '', key = auditor.key) => {
  const { status, text } = await ask(`export?${WHO}${query}`, key);
  expect(status).toBe(200);
  return { text, verdict: await verifyExport(Readable.from([Buffer.from(text)]), await verifiers(key)) };
};
const sent = () => sentIn(world);
const sizeOf = async (tenantId = 'demo') => {
  const { rows } = await world.pool.query<{ size: string }>('select size from ledgers where tenant_id = $1', [
    tenantId,
  ]);
  return Number(rows[0]?.size ?? 0);
};
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await sleep(20);
};
/** Of all services. */
const events = async () => {
  const counts = await Promise.all(
    ['intake', 'crypto', 'delivery', 'receipts', 'mailbox'].map(async (schema) => {
      const { rows } = await world.pool.query<{ count: string }>(
        `select count(*) from ${schema}.events where tenant_id = 'demo'`,
      );
      return Number(rows[0]?.count);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};
const recorded = () => until(async () => (await sizeOf()) === (await events()));

it('has every event of every service once, and proves an email and everything', async () => {
  const emailId = await sent();
  await recorded();
  const one = await exported(`&emailId=${emailId}`);
  expect(one.verdict).toMatchObject({ isVerified: true, scope: { kind: 'email', emailId }, notices: [] });
  const told = one.text
    .split('\n')
    .filter((line) => line.startsWith('{"data":'))
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^securemail\.EmailAccepted\.v/),
      expect.stringMatching(/^securemail\.ProtectionPlanned\.v/),
      expect.stringMatching(/^securemail\.Delivered\.v/),
      expect.stringMatching(/^securemail\.ReceiptIssued\.v/),
    ]),
  );
  expect(one.text).not.toContain('citizen');
  const capitals = await exported(
    `&emailId=${one.verdict.scope?.kind === 'email' ? one.verdict.scope.emailId.toUpperCase() : ''}`,
  );
  expect(capitals.verdict).toMatchObject({ isVerified: true, events: one.verdict.events });
  await recorded();
  const size = await sizeOf();
  const all = await exported();
  expect(all.verdict).toMatchObject({ isVerified: true, events: size });
});

const python = pythonWithCryptography();
if (python === null) missing('python3 with cryptography', 'apt-get install python3-cryptography');
else
  it('somebody verifies it who has nothing of ours but the specification', async () => {
    await sent();
    await recorded();
    const { text } = await exported();
    await writeFile(join(folder, 'export.jsonl'), text);
    await writeFile(join(folder, 'key'), (await ask('key')).text);
    const program = join(import.meta.dirname, '../../../docs/audit/verify.py');
    const files = [join(folder, 'export.jsonl'), join(folder, 'key')];
    const { status, stdout } = spawnSync(python, [program, ...files], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^scope: ledger\.example\/demo, kind range, .*; exported .*\nVERIFIED: [1-9][0-9]* events, 0 faults\n$/,
      ),
    ]);
  });

if (python !== null)
  it.each(['are no leaves of their tile', 'only a tile that is not proven names'])(
    'it keeps no long lines that %s',
    async (which) => {
      await sent();
      await recorded();
      const [file, key] = [join(folder, 'long.jsonl'), join(folder, 'key')];
      await writeFile(key, (await ask('key')).text);
      const { text } = await exported();
      await writeFile(file, text);
      const whole = await peakOf(file, key);
      expect(whole.printed).toContain('\nVERIFIED: ');
      const [header, tile] = text.split('\n');
      const lines = Array.from({ length: 128 }, (_, at) => String(at).padStart(2 ** 20));
      const hashes = Buffer.concat(lines.map((line) => hashOfLeaf(entryOf(line)))).toString('base64');
      const unproven = JSON.stringify({ tile: 0, hashes, proof: [], leaves: [[0, 128]] });
      const before = `${header}\n${which.startsWith('only') ? unproven : tile}\n`;
      await writeFile(file, `${before}${lines.join('\n')}\n`);
      const long = await peakOf(file, key);
      expect(long.printed).toContain('\nNOT VERIFIED: ');
      expect(long.mebibytes - whole.mebibytes).toBeLessThan(32);
    },
  );

/** What verify.py says of a file, and how much memory it held at most. */
async function peakOf(file: string, key: string): Promise<{ printed: string; mebibytes: number }> {
  const program = join(import.meta.dirname, '../../../docs/audit/verify.py');
  const measured = `import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)`;
  const { stdout, stderr } = await promisify(execFile)(python!, ['-c', measured, program, file, key]);
  // Kibibytes on Linux, octets on a Mac.
  return { printed: stdout, mebibytes: Number(stderr) / (process.platform === 'darwin' ? 2 ** 20 : 2 ** 10) };
}

it('who exports stands in it', async () => {
  await exported();
  await recorded();
  const { text } = await exported();
  const lines = text.split('\n').filter((each) => each.includes('securemail.AuditExported.v1'));
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ data: { data: { emailId: null, keyId: 'audit' } } });
  expect(text).not.toContain('Anna');
});

it('a time is exported with what lies before and after it', async () => {
  await sent();
  await recorded();
  const { rows } = await world.pool.query<{ at: Date }>(
    `select distinct recorded_at as at from ledger_leaves where tenant_id = 'demo' order by 1`,
  );
  const size = await sizeOf();
  const last = rows.at(-1)!.at;
  const [from, to] = [last.toISOString(), new Date(last.getTime() + 1).toISOString()];
  for (const query of [`&from=${from}`, `&from=${from}&to=${to}`, `&to=${from}`]) {
    const { verdict } = await exported(query);
    expect(verdict.isVerified).toBe(true);
    expect(verdict.events).toBeLessThan(size + 2);
    await recorded();
  }
  const { text, verdict } = await exported(`&from=${from}&to=${to}`);
  expect(verdict).toMatchObject({ isVerified: true, scope: { from, to } });
  const times = text.split('\n').flatMap((line) => /"recordedtime":"([^"]+)"/.exec(line)?.slice(1) ?? []);
  expect(times[0]! < from && times.at(-1)! >= to).toBe(true);
  expect(times.slice(1, -1).every((time) => time === from)).toBe(true);
});

it('takes nothing twice, whatever is delivered again, also by two at once', async () => {
  await sent();
  await recorded();
  const before = await sizeOf();
  await running.close();
  await world.pool.query(`delete from checkpoints where reader like 'ledger<%'`);
  await start({ keyFile });
  const { rows } = await world.pool.query<{ event: Parameters<typeof record>[1][number] }>(
    'select event from history limit 5',
  );
  const again = rows.map(({ event }) => event);
  await Promise.all([record(world.pool, again, new Date()), record(world.pool, again, new Date())]);
  await sent();
  await recorded();
  expect(await sizeOf()).toBeGreaterThan(before);
  expect((await exported()).verdict.isVerified).toBe(true);
});

it('signs how far it came, and each checkpoint begins with the one before', async () => {
  await sent();
  await recorded();
  const signed = async () => {
    const { status, text } = await ask('checkpoint');
    if (status !== 200) return null;
    const opened = openNote(text, await verifiers());
    expect(opened?.signedBy).toHaveLength(1);
    return parseCheckpoint(opened!.text);
  };
  await until(async () => (await signed())?.size === (await sizeOf()));
  const former = (await signed())!;
  const { text: formerNote } = await ask('checkpoint');
  expect(former.origin).toBe('ledger.example/demo');
  await sent();
  await recorded();
  await until(async () => (await signed())?.size === (await sizeOf()));
  const latter = (await signed())!;
  expect(latter.size).toBeGreaterThan(former.size);
  const tile = async (level: number, index: number) => {
    const width = latter.size < 256 ? `.p/${latter.size}` : '';
    const response = await fetch(
      `${world.url()}/v1/ledger/tile/${level}/${String(index).padStart(3, '0')}${index === Math.floor(latter.size / 256) ? width : ''}`,
      { headers: { Authorization: `Bearer ${auditor.key}` } },
    );
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  };
  const proof = await consistencyProof(former.size, latter.size, subtreesIn(tile));
  expect(isConsistent(former, latter, proof)).toBe(true);
  // As the gateway proves it itself, to the last one or to another.
  const { text: file } = await ask(`consistency?former=${former.size}`);
  const kept = formerNote;
  expect(verifyConsistency(file, await verifiers(), { kept, latter: null })).toMatchObject({
    isVerified: true,
    kept: { size: former.size },
    fault: null,
  });
  const { text: own } = await ask(`consistency?former=${former.size}&latter=${former.size}`);
  expect(verifyConsistency(own, await verifiers(), { kept, latter: null }).isVerified).toBe(true);
});

it('has another key, and what the former one signed is as good as before', async () => {
  const { text: before } = await exported();
  const next = await writeLedgerKey(folder, 'next.pem');
  await publishKey(keyFile, 'former.pem');
  await publishKey(next, 'next-public.pem');
  await running.close();
  await start({ keyFile: next, formerKeyFiles: [join(folder, 'former.pem')] });
  expect((await exported()).verdict.isVerified).toBe(true);
  expect(await verifyExport(Readable.from([Buffer.from(before)]), await verifiers())).toMatchObject({
    isVerified: true,
  });
  await running.close();
  await start(ownKeys());
});

/** What the one key signed meanwhile stays signed by it. */
const ownKeys = () => ({ keyFile, formerKeyFiles: [join(folder, 'next-public.pem')] });
const publishKey = async (from: string, to: string) => {
  const publicKey = createPublicKey(await readFile(from, 'utf8'));
  await writeFile(join(folder, to), publicKey.export({ type: 'spki', format: 'pem' }));
};

it.each([
  ['nothing there', 'none.pem', undefined, 'it is no key in PEM'],
  ['a key that others may read', 'open.pem', 0o644, 'chmod 600'],
  ['another kind of key', 'ec.pem', 0o600, 'a key for Ed25519 is needed'],
])('does not start with %s for a key', async (_, name, mode, why) => {
  const file = join(folder, name);
  const { privateKey } =
    mode === 0o600 ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  if (mode !== undefined)
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode });
  await expect(world.start({ ledger: { origin: 'ledger.example', keyFile: file } })).rejects.toThrow(why);
});

/** Of so many emails. */
const eventsOf = (tenantId: TenantId, count: number) =>
  Array.from({ length: count }, (_, sequence) => ({
    id: newEmailId() as never,
    name: 'Delivered',
    version: 1,
    source: 'delivery' as const,
    time: new Date().toISOString(),
    tenantId,
    emailId: newEmailId(),
    sequence: sequence + 1,
    traceparent: null,
    data: {},
    personal: null,
  }));

it('grows over many tiles as the tree does by the definition', async () => {
  const tenantId = TenantId.parse('large');
  const frontier = new Frontier();
  for (const count of [1, 254, 1, 1, 600, 255, 900]) {
    await record(world.pool, eventsOf(tenantId, count), new Date());
  }
  const { rows } = await world.pool.query<{ content: string }>(
    `select content from ledger_leaves where tenant_id = 'large' order by leaf`,
  );
  for (const { content } of rows) frontier.append(hashOfLeaf(entryOf(content)));
  const root = await hashOfRange(0, 2012, subtreesIn(tilesOf(world.pool, tenantId)));
  expect(Buffer.from(root).toString('hex')).toBe(Buffer.from(frontier.root()).toString('hex'));
});

describe('a clock that is ahead', () => {
  const tenantId = TenantId.parse('other');
  const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  const ledgerOf = async () => {
    const { rows } = await world.pool.query<{ size: string; recorded_at: Date }>(
      `select size, recorded_at from ledgers where tenant_id = 'other'`,
    );
    return rows[0]!;
  };

  it('records nothing where it is more than an hour ahead of the database: all that waits gets a right time later', async () => {
    await record(world.pool, eventsOf(tenantId, 2), new Date());
    const before = await ledgerOf();
    const late = eventsOf(tenantId, 3);
    await expect(record(world.pool, late, minutesFromNow(61))).rejects.toThrow('ahead of the database');
    expect(await ledgerOf()).toEqual(before);
    await record(world.pool, late, new Date());
    const after = await ledgerOf();
    expect(Number(after.size)).toBe(Number(before.size) + 3);
    expect(after.recorded_at.getTime()).toBeLessThan(Date.now() + 1_000);
  });

  it('shows how far the ledger is ahead then, and lets nobody take a range of which it can not be told what is in it', async () => {
    expect(await secondsAhead(world.pool)).toBe(0);
    const before = minutesFromNow(-1).toISOString();
    await record(world.pool, eventsOf(tenantId, 1), minutesFromNow(30));
    // What comes now has the time that was told last.
    const [unseen] = eventsOf(tenantId, 1);
    await record(world.pool, [unseen!], new Date());
    const { recorded_at: recordedAt } = await ledgerOf();
    expect(await secondsAhead(world.pool)).toBeGreaterThan(1_790);
    expect(await secondsAhead(world.pool)).toBeLessThanOrEqual(1_800);
    const problem = { type: '/errors/ledger-clock-ahead', recordedAt: recordedAt.toISOString() };
    const at = minutesFromNow(1).toISOString();
    for (const path of [`export?${WHO}&to=${at}`, `replay/${unseen!.emailId}?at=${at}`]) {
      const answer = await ask(path, bothAuditor.key);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([409, expect.objectContaining(problem)]);
    }
    // From a time on, to the end, and before the clock was ahead it can be told.
    for (const range of [`&from=${before}`, '', `&from=2026-01-01T00:00:00Z&to=${before}`])
      expect((await exported(range, otherAuditor.key)).verdict.isVerified).toBe(true);
    const all = await exported('', otherAuditor.key);
    expect(all.text).toContain(unseen!.id);
    const until = await ask(
      `replay/${unseen!.emailId}?leaf=${Number((await ledgerOf()).size)}`,
      bothAuditor.key,
    );
    expect(until.status).toBe(200);
  });
});

it('goes on where tiles were lost, also the one that grows: they follow from the leaves', async () => {
  const tenantId = TenantId.parse('lost');
  const root = async (size: number) =>
    Buffer.from(await hashOfRange(0, size, subtreesIn(tilesOf(world.pool, tenantId)))).toString('hex');
  await record(world.pool, eventsOf(tenantId, 700), new Date());
  const before = await root(700);
  await world.pool.query(`delete from ledger_tiles where tenant_id = 'lost'`);
  expect(await root(700)).toBe(before);
  await record(world.pool, eventsOf(tenantId, 400), new Date());
  expect(await root(700)).toBe(before);
  const frontier = new Frontier();
  const { rows } = await world.pool.query<{ content: string }>(
    `select content from ledger_leaves where tenant_id = 'lost' order by leaf`,
  );
  for (const { content } of rows) frontier.append(hashOfLeaf(entryOf(content)));
  expect(await root(1_100)).toBe(Buffer.from(frontier.root()).toString('hex'));
});

it('finds a tile above the leaves that is not there, or not what follows from them; who asks gets the right one', async () => {
  // Nobody is shown anything of the one; of the other nothing wrong may be signed.
  const [upper, other] = [TenantId.parse('upper'), TenantId.parse('other')];
  for (const tenantId of [upper, other]) await record(world.pool, eventsOf(tenantId, 600), new Date());
  const tile = async () => {
    const response = await fetch(`${world.url()}/v1/ledger/tile/1/000.p/2`, {
      headers: { Authorization: `Bearer ${otherAuditor.key}` },
    });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer()).toString('hex');
  };
  const faults = async (tenantId: TenantId) => {
    const found: LedgerFault[] = [];
    await verifyLedger(world.pool, tenantId, {
      signer: null,
      signal: new AbortController().signal,
      reached: () => Promise.resolve({ recorded: null, heard: null }),
      found: (fault) => found.push(fault),
      verified: () => Promise.resolve(),
      looked: () => Promise.resolve(),
    });
    // What is wrong may have been signed meanwhile.
    return found.filter(({ kind }) => kind === 'tile');
  };
  const right = await tile();
  expect(right).toHaveLength(128);
  await world.pool.query(`create table kept_tile as select * from ledger_tiles where level = 1 and tile = 0`);
  const changed = async (tenantId: TenantId, change: string, look: () => Promise<void>) => {
    expect(await faults(tenantId)).toEqual([]);
    const above = `tenant_id = '${tenantId}' and level = 1 and tile = 0`;
    await world.pool.query(`${change} where ${above}`);
    await look();
    await world.pool.query(`delete from ledger_tiles where ${above}`);
    await world.pool.query(`insert into ledger_tiles select * from kept_tile where ${above}`);
  };
  const fault = [{ kind: 'tile', leaf: 0, level: 1 }];
  const overlaid = 'update ledger_tiles set hashes = set_byte(hashes, 40, (get_byte(hashes, 40) + 1) % 256)';
  await changed(upper, overlaid, async () => {
    expect(await faults(upper)).toEqual(fault);
  });
  for (const change of ['delete from ledger_tiles', 'update ledger_tiles set hashes = substr(hashes, 1, 32)'])
    await changed(other, change, async () => {
      expect(await faults(other)).toEqual(fault);
      expect(await tile()).toBe(right);
    });
  await world.pool.query('drop table kept_tile');
  expect((await ask('tile/1/000.p/3', otherAuditor.key)).status).toBe(404);
});

it('signs no tree that does not begin with what was signed, wherever its tiles were touched', async () => {
  const tenantId = TenantId.parse('touched');
  const signer = openLedgerSigner(LedgerSettings.parse({ origin: 'ledger.example', ...ownKeys() }));
  const sign = () => signCheckpoint(world.pool, tenantId, signer, new Date());
  await record(world.pool, eventsOf(tenantId, 600), new Date());
  await sign();
  await record(world.pool, eventsOf(tenantId, 300), new Date());
  const overlaid = (level: number, by: number) =>
    world.pool.query(
      `update ledger_tiles set hashes = set_byte(hashes, 40, (get_byte(hashes, 40) + ${by}) % 256)
        where tenant_id = 'touched' and level = ${level} and tile = ${level === 0 ? 2 : 0}`,
    );
  for (const level of [0, 1]) {
    await overlaid(level, 1);
    await expect(sign()).rejects.toThrow('does not begin with what was signed');
    const wanted = { from: null, to: null };
    const ready = await exportLedger({ pool: world.pool, tenantId, signer }, wanted, new Date());
    const last = await lastCheckpoint(world.pool, tenantId);
    expect(ready).toMatchObject({ checkpoint: { size: last?.size } });
    await overlaid(level, 255);
  }
  expect((await sign()).checkpoint.size).toBe(900);
});

describe('nobody else', () => {
  it('sees it without the right key', async () => {
    for (const path of ['key', 'checkpoint', `export?${WHO}`, 'tile/0/000']) {
      expect((await world.ask(`/v1/ledger/${path}`, {}, null)).status).toBe(401);
      expect((await ask(path, world.keys.demo)).status).toBe(403);
    }
  });

  it('sees what is of another organisation', async () => {
    const emailId = await sent();
    await recorded();
    expect((await ask(`export?${WHO}&emailId=${emailId}`, otherAuditor.key)).status).toBe(404);
    const { verdict } = await exported('', otherAuditor.key);
    expect(verdict.checkpoint?.origin).toBe('ledger.example/other');
    expect(JSON.stringify(verdict)).not.toContain(emailId);
  });

  it('changes it, but for who owns the table', async () => {
    await expect(world.pool.query(`update ledger_leaves set content = ''`)).rejects.toThrow('append-only');
    await expect(world.pool.query('delete from ledger_leaves')).rejects.toThrow('append-only');
    await expect(world.pool.query('truncate ledger_leaves')).rejects.toThrow('append-only');
    await expect(world.pool.query(`update ledger_checkpoints set note = ''`)).rejects.toThrow('append-only');
  });
});

describe('who owns the tables and touches them is found out', () => {
  const faults = async (heardWithinMs?: number, reached: Partial<Reached> = {}) => {
    const found: unknown[] = [];
    let tiles = 0;
    await verifyLedger(world.pool, TenantId.parse('demo'), {
      signer: openLedgerSigner(LedgerSettings.parse({ origin: 'ledger.example', ...ownKeys() })),
      signal: new AbortController().signal,
      reached: () => Promise.resolve({ recorded: new Date(), heard: new Date(), ...reached }),
      ...(heardWithinMs === undefined ? {} : { heardWithinMs }),
      found: (fault) => found.push(fault),
      verified: async () => {
        tiles += 1;
        await Promise.resolve();
      },
      looked: () => Promise.resolve(),
    });
    expect(tiles).toBe(1);
    return found;
  };
  /** Changes something for as long as `look` takes. */
  const touched = async (table: string, change: string, back: string, look: () => Promise<void>) => {
    await world.pool.query(`alter table ${table} disable trigger all`);
    await world.pool.query(change);
    await look();
    await world.pool.query(back);
    await world.pool.query(`alter table ${table} enable trigger all`);
    expect(await faults()).toEqual([]);
  };
  const swap = (from: string, to: string) =>
    `update ledger_leaves set content = replace(content, '${from}', '${to}') where tenant_id = 'demo' and leaf = 2`;

  it('in a leaf, at once and in an export', async () => {
    await recorded();
    await touched(
      'ledger_leaves',
      swap('"specversion":"1.0"', '"specversion":"9.0"'),
      swap('"specversion":"9.0"', '"specversion":"1.0"'),
      async () => {
        expect(await faults()).toEqual(
          expect.arrayContaining([
            { kind: 'leaf', leaf: 2 },
            expect.objectContaining({ kind: 'history', leaf: 2 }),
          ]),
        );
        const { verdict } = await exported();
        expect(verdict).toMatchObject({
          isVerified: false,
          faultCount: 1,
          faults: [{ kind: 'changed', leaf: 2 }],
        });
        await recorded();
      },
    );
  });

  it('in a leaf and its hash', async () => {
    const overlaid = (from: number) =>
      `update ledger_tiles set hashes = set_byte(hashes, 70, (get_byte(hashes, 70) + ${from}) % 256)
        where tenant_id = 'demo' and level = 0`;
    await until(async () => (await ask('checkpoint')).status === 200);
    await touched('ledger_tiles', overlaid(1), overlaid(255), async () => {
      expect(await faults()).toEqual(
        expect.arrayContaining([
          { kind: 'leaf', leaf: 2 },
          { kind: 'checkpoint', size: expect.any(Number) },
        ]),
      );
    });
  });

  it('in what was signed', async () => {
    const noted = (from: string, to: string) =>
      `update ledger_checkpoints set note = replace(note, '${from}', '${to}') where tenant_id = 'demo' and size =
        (select min(size) from ledger_checkpoints where tenant_id = 'demo' and size > 0)`;
    await touched(
      'ledger_checkpoints',
      noted('ledger.example', 'ledger.exomple'),
      noted('ledger.exomple', 'ledger.example'),
      async () => {
        expect(await faults()).toEqual([{ kind: 'checkpoint', size: expect.any(Number) }]);
      },
    );
  });

  it.each([
    ['no JSON', `''`],
    ['no event', `'{}'`],
  ])('in a leaf that is %s any more', async (_, content) => {
    await recorded();
    const kept = `(select content from ledger_leaves where tenant_id = 'demo' and leaf = 2)`;
    await world.pool.query(`create table kept_leaf as select ${kept} as content`);
    await touched(
      'ledger_leaves',
      `update ledger_leaves set content = ${content} where tenant_id = 'demo' and leaf = 2`,
      `update ledger_leaves set content = (select content from kept_leaf) where tenant_id = 'demo' and leaf = 2`,
      async () => {
        expect(await faults()).toEqual([{ kind: 'leaf', leaf: 2 }]);
      },
    );
    await world.pool.query('drop table kept_leaf');
  });

  it.each([
    ['email', 'email_id'],
    ['event', 'event_id'],
  ])('in what says of which %s a leaf is', async (_, column) => {
    await recorded();
    const other = newEmailId();
    const { rows } = await world.pool.query<{ id: string }>(
      `select ${column} as id from ledger_leaves where tenant_id = 'demo' and leaf = 2`,
    );
    const put = (id = '') =>
      `update ledger_leaves set ${column} = '${id}' where tenant_id = 'demo' and leaf = 2`;
    await touched('ledger_leaves', put(other), put(rows[0]?.id), async () => {
      expect(await faults()).toEqual([{ kind: 'leaf', leaf: 2 }]);
    });
  });

  it('where its end was cut off after it was signed', async () => {
    await recorded();
    await until(async () => (await ask('checkpoint')).status === 200);
    await running.close();
    // What somebody did meanwhile was recorded until now.
    const size = await sizeOf();
    const to = (leaves: number) => `update ledgers set size = ${leaves} where tenant_id = 'demo'`;
    await touched('ledgers', to(1), to(size), async () => {
      const found = await faults();
      expect(found.length).toBeGreaterThan(0);
      expect(found).toContainEqual({ kind: 'checkpoint', size: expect.any(Number) });
    });
    await start(ownKeys());
  });

  it('in what receipts goes by', async () => {
    const named = (from: string, to: string) =>
      `update history set event = jsonb_set(event, '{name}', '"${to}"') where tenant_id = 'demo' and event->>'name' = '${from}'
        and event_id = (select event_id from history where event->>'name' = '${from}' and tenant_id = 'demo' order by event_id limit 1)`;
    await touched('history', named('Delivered', 'Bounced'), named('Bounced', 'Delivered'), async () => {
      expect(await faults()).toEqual([expect.objectContaining({ kind: 'history' })]);
    });
  });

  describe('in what receipts goes by', () => {
    const one = async () => {
      await recorded();
      const { rows } = await world.pool.query<{ id: string }>(
        `select event_id as id from history where tenant_id = 'demo' and name = 'Delivered' order by event_id limit 1`,
      );
      await world.pool.query('drop table if exists kept_event');
      await world.pool.query('create table kept_event as select * from history where event_id = $1', [
        rows[0]?.id,
      ]);
      // All is heard that was recorded.
      await until(async () => (await faults(0)).length === 0);
      return rows[0]?.id ?? '';
    };
    const back = 'insert into history select * from kept_event on conflict do nothing';

    it('an event with another id in it', async () => {
      const id = await one();
      const changed = `update history set event = jsonb_set(jsonb_set(event, '{id}', '"${newEmailId()}"'), '{name}', '"Bounced"') where event_id = '${id}'`;
      const again = `delete from history where event_id = '${id}'; ${back}`;
      await touched('history', changed, again, async () => {
        expect(await faults()).toEqual([expect.objectContaining({ kind: 'history', eventId: id })]);
      });
    });

    it('an event that is found with another email', async () => {
      const id = await one();
      const moved = `update history set email_id = '${newEmailId()}' where event_id = '${id}'`;
      const again = `delete from history where event_id = '${id}'; ${back}`;
      await touched('history', moved, again, async () => {
        expect(await faults()).toEqual([expect.objectContaining({ kind: 'history', eventId: id })]);
      });
    });

    it.each([
      ['of another organisation', 'tenant_id', `'other'`],
      ['of another service', 'source', `'crypto'`],
      ['in another place', 'sequence', '900'],
      ['by another name', 'name', `'Bounced'`],
      ['about an email that it is not about', 'about', `'${newEmailId()}'`],
    ])('an event that is found %s', async (_, column, value) => {
      const id = await one();
      const changed = `update history set ${column} = ${value} where event_id = '${id}'`;
      const again = `delete from history where event_id = '${id}'; ${back}`;
      await touched('history', changed, again, async () => {
        expect(await faults()).toEqual([expect.objectContaining({ kind: 'history', eventId: id })]);
      });
    });

    it('an event that is gone, once it had to be there, unless somebody sees to it', async () => {
      const id = await one();
      await touched('history', `delete from history where event_id = '${id}'`, back, async () => {
        expect(await faults()).toEqual([]);
        expect(await faults(0)).toEqual([{ kind: 'history', leaf: expect.any(Number), eventId: id }]);
        // Receipts itself is behind.
        for (const heard of [null, new Date(0)]) expect(await faults(0, { heard })).toEqual([]);
        await world.pool.query(
          `insert into dead_letters (event_id, email_id, source, arrival, status, reason, attempts, first_failed_at, last_failed_at, next_attempt_at)
            select event_id, email_id, 'delivery', '{}', 'parked', 'test', 1, now(), now(), now() from kept_event`,
        );
        expect(await faults(0)).toEqual([]);
        await world.pool.query('delete from dead_letters');
      });
    });

    it.each([
      ['', 'event'],
      [' and has no time', `event - 'time'`],
    ])('a whole email that never was%s', async (_, event) => {
      await one();
      const [emailId, invented] = [newEmailId(), newEmailId()];
      const made = `insert into history (event_id, email_id, tenant_id, source, sequence, name, event)
        select '${invented}', '${emailId}', tenant_id, source, 1, 'EmailAccepted', ${event} from kept_event`;
      await touched('history', made, `delete from history where event_id = '${invented}'`, async () => {
        expect(await faults(0)).toEqual([{ kind: 'history', leaf: null, eventId: invented }]);
        // The ledger is behind.
        if (event !== 'event') return;
        expect(await faults()).toEqual([]);
        for (const recorded of [null, new Date(0)]) expect(await faults(0, { recorded })).toEqual([]);
      });
    });

    it('an event that never was', async () => {
      await one();
      const invented = newEmailId();
      const made = `insert into history (event_id, email_id, tenant_id, source, sequence, name, event)
        select '${invented}', email_id, tenant_id, source, 9000, name, event from kept_event`;
      await touched('history', made, `delete from history where event_id = '${invented}'`, async () => {
        expect(await faults()).toEqual([]);
        expect(await faults(0)).toEqual([{ kind: 'history', leaf: null, eventId: invented }]);
        // The ledger is behind.
        for (const recorded of [null, new Date(0)]) expect(await faults(0, { recorded })).toEqual([]);
      });
    });
  });
});

it('knows how far the ledger is with what was appended, and receipts with what was recorded', async () => {
  await sent();
  await recorded();
  const pools = new Map(
    SERVICES.map((schema) => [schema, createPool({ url: world.settings().database.url, schema, max: 2 })]),
  );
  const log = postgresEventLog({
    sources: (service) => pools.get(service)!,
    logger: createLogger('receipts'),
  });
  const look = async () => {
    const howFar = lookHowFar(log, world.pool);
    const seen = await howFar.look();
    await howFar.close();
    return seen;
  };
  const isKnown = ({ recorded: until, heard }: Reached) => until !== null && heard !== null;
  await until(async () => isKnown(await look()));
  await running.close();
  const taken = `update checkpoints set txid = '0' where reader = 'ledger<delivery'`;
  await world.pool.query(taken);
  expect(await look()).toEqual({ recorded: null, heard: expect.any(Date) });
  await start({ keyFile });
  await until(async () => (await look()).recorded !== null);
  await Promise.all([...pools.values()].map((pool) => pool.end()));
});

it.each([
  ['no reason', 'export?by=Anna', 422],
  ['an email and a time', `export?${WHO}&emailId=${newEmailId()}&from=2026-01-01T00:00:00Z`, 422],
  [
    'a time that ends before it begins',
    `export?${WHO}&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`,
    422,
  ],
  ['a time without its zone', `export?${WHO}&from=2026-01-01`, 422],
  ['an email that nobody knows', `export?${WHO}&emailId=${newEmailId()}`, 404],
  ['a tile that is none', 'tile/0/1', 404],
  ['a tile above all', 'tile/9/000', 404],
  ['a tile in other words', 'tile/0/x000/000.p/1', 404],
  ['a time that is of the year 10000, of UTC', `export?${WHO}&to=9999-12-31T23:59:59-01:00`, 422],
  ['a ledger that began with more than it has', 'consistency?former=9000000', 422],
  ['a size at which nothing was signed', 'consistency?former=0&latter=9000000', 404],
  ['no size', 'consistency', 422],
  ['a tile that is not so wide', 'tile/0/000.p/256', 404],
  ['a path out of there', 'tile/0/..%2f..%2fkey', 404],
])('%s is refused', async (_, path, status) => {
  expect((await ask(path)).status).toBe(status);
});
