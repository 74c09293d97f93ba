// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES } from '@securemail/contracts';
import { createPool, migrateEventStore, type Pool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { stringify } from 'yaml';
import { database } from './database.ts';

let folder: string;
let url: string;
let pool: Pool;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-test-'));
  url = await createDatabase();
  for (const schema of SERVICES) await migrateEventStore({ url, schema });
  pool = createPool({ url, schema: 'delivery', max: 1, applicationName: 'somebody else' });
});
afterEach(async () => {
  await pool.end();
  await rm(folder, { recursive: true, force: true });
});

const configuration = (databaseUrl: string) => ({
  database: { url: databaseUrl },
  vault: { keyFile: 'vault.key' },
  tenants: [{ id: 'demo', name: 'Demo', domains: ['demo.example'], mailServers: [{ host: 'mail' }] }],
});

async function restored(options: string[] = [], databaseUrl = url) {
  const out = { printed: '', said: '' };
  const config = join(folder, 'securemail.yaml');
  await writeFile(config, stringify(configuration(databaseUrl)));
  const command = database({
    print: (text) => (out.printed += text),
    say: (text) => (out.said += text),
  });
  await command.parseAsync(['restored', '--config', config, ...options], { from: 'user' });
  return out;
}

/** Events as an older server has numbered them. */
async function fill(events: number): Promise<void> {
  await pool.query(
    `insert into events (txid, email_id, tenant_id, sequence, id, name, version, source, time, data)
     select '4000000000', gen_random_uuid(), 'demo', 1, gen_random_uuid(), 'Delivered', 1, 'delivery', now(), '{}'
     from generate_series(1, $1)`,
    [events],
  );
}
const letGo = async () => {
  await pool.end();
  pool = createPool({ url, schema: 'delivery', max: 1, applicationName: 'somebody else' });
};
const epochs = async () => {
  const { rows } = await pool.query<{ epoch: string }>(
    SERVICES.map((schema) => `select epoch from ${schema}.event_epoch`).join(' union all '),
  );
  const found = rows.map(({ epoch }) => epoch);
  await letGo();
  return found;
};

it('begins an epoch in every schema, however many events it has, and says how many and how far it is', async () => {
  await fill(120_001);
  const before = await epochs();
  const { printed, said } = await restored();
  expect(printed).toContain('delivery: 120001 events are read anew\n');
  expect(printed).toContain('intake: 0 events are read anew\n');
  expect(said).toBe('delivery: 50000 events\ndelivery: 100000 events\ndelivery: 120001 events\n');
  const after = await epochs();
  expect(new Set([...before, ...after]).size).toBe(2 * SERVICES.length);
  const { rows } = await pool.query(`select distinct txid::text from events`);
  expect(rows).toEqual([{ txid: '0' }]);
  await expect(pool.query('delete from events')).rejects.toThrow('append-only');
});

it('only says what it would do, where that is wanted', async () => {
  await fill(2);
  const before = await epochs();
  expect(JSON.parse((await restored(['--dry-run', '--json'])).printed)).toEqual({
    ...Object.fromEntries(SERVICES.map((service) => [service, 0])),
    delivery: 2,
  });
  expect((await restored(['--dry-run'])).printed).toContain('delivery: 2 events would be read anew\n');
  expect(await epochs()).toEqual(before);
});

it('names who is connected and changes nothing, unless it is to go on all the same', async () => {
  const before = await epochs();
  await pool.query('select');
  await expect(restored()).rejects.toThrow(
    'Others are connected to the database: somebody else (1). Stop the services first;',
  );
  expect(await epochs()).toEqual(before);
  await pool.query('select');
  await restored(['--although-connected']);
  expect(await epochs()).not.toEqual(before);
});

it('changes nothing where a schema is not there', async () => {
  const epochOf = async () => (await pool.query<{ epoch: string }>('select epoch from event_epoch')).rows;
  const before = await epochOf();
  await pool.query('drop schema mailbox cascade');
  await letGo();
  await expect(restored()).rejects.toThrow('there is nothing of mailbox in this database');
  expect(await epochOf()).toEqual(before);
});

it('changes nothing for a role that does not own the tables', async () => {
  const role = `reader_${randomBytes(8).toString('hex')}`;
  await pool.query(
    `create role ${role} login password 'x'; grant usage on schema ${SERVICES.join(', ')} to ${role}`,
  );
  try {
    await letGo();
    const before = await epochs();
    const theirs = new URL(url);
    [theirs.username, theirs.password] = [role, 'x'];
    await expect(restored([], theirs.href)).rejects.toThrow('belong to another role, which has to do this');
    expect(await epochs()).toEqual(before);
  } finally {
    await pool.query(`revoke usage on schema ${SERVICES.join(', ')} from ${role}; drop role ${role}`);
  }
});
