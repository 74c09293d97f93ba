// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase, startPostgres, type RunningPostgres } from '../index.ts';

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const silent = { say: () => undefined };

describe('createDatabase', () => {
  it('gives each caller a database of its own, in UTF-8', async () => {
    const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
    await ask(one, 'CREATE TABLE only_here (letter text)');
    expect(await ask(one, "INSERT INTO only_here VALUES ('æ€😀') RETURNING letter")).toEqual([
      { letter: 'æ€😀' },
    ]);
    expect(await ask(two, "SELECT to_regclass('only_here') AS found")).toEqual([{ found: null }]);
    expect(await ask(two, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  });

  it('stands on a server with room for many services at once', async () => {
    expect(await ask(await createDatabase(), 'SHOW max_connections')).toEqual([{ max_connections: '600' }]);
  });
});

describe('startPostgres with a data folder', () => {
  let dataDir: string;
  let postgres: RunningPostgres | undefined;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'securemail-postgres-test-'));
  });
  afterEach(async () => {
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const lockFile = () => join(dataDir, 'cluster/postmaster.pid');
  const serverPid = () => Number(readFileSync(lockFile(), 'utf8').split('\n', 1)[0]);

  it('finds its data again after an orderly stop', async () => {
    postgres = await startPostgres({ dataDir, ...silent });
    expect(postgres.kind).toBe('local');
    await ask(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await postgres.stop();
    postgres = await startPostgres({ dataDir, ...silent });
    expect(await ask(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('finds its data again after a kill -9, also when the old process id belongs to another program by now', async () => {
    postgres = await startPostgres({ dataDir, ...silent });
    await ask(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    const lock = readFileSync(lockFile(), 'utf8');
    process.kill(serverPid(), 'SIGKILL');
    await postgres.stop();
    writeFileSync(lockFile(), lock.replace(/^\d+/, String(process.ppid)));
    postgres = await startPostgres({ dataDir, ...silent });
    expect(await ask(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('tells which port is taken when it is told to use that one', async () => {
    postgres = await startPostgres({ dataDir, ...silent });
    const other = await mkdtemp(join(tmpdir(), 'securemail-postgres-test-'));
    const port = Number(new URL(postgres.url).port);
    try {
      await expect(startPostgres({ dataDir: other, port, ...silent })).rejects.toThrow(String(port));
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});

it('uses the server that SECUREMAIL_TEST_POSTGRES_URL names, and takes its databases away again', async () => {
  const url = await createDatabase();
  process.env['SECUREMAIL_TEST_POSTGRES_URL'] = url;
  try {
    const postgres = await startPostgres(silent);
    expect(postgres.kind).toBe('external');
    const { pathname } = new URL(await postgres.createDatabase());
    const find = `SELECT 1 AS found FROM pg_database WHERE datname = '${pathname.slice(1)}'`;
    expect(await ask(url, find)).toHaveLength(1);
    await postgres.stop();
    expect(await ask(url, find)).toHaveLength(0);
  } finally {
    delete process.env['SECUREMAIL_TEST_POSTGRES_URL'];
  }
});
