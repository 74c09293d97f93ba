// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readersBehind } from '@securemail/event-log/testing';
import { createPool, type Pool } from '@securemail/event-store';
import { cloneDatabase } from '@securemail/testing';
import { handIn, sentEmails } from '../flow/load.ts';
import { startMeasuredGateway, type MeasuredGateway } from '../gateway-process.ts';
import { eraseAll } from './erase.ts';
import { readOnly, sourcesOf } from './readers.ts';

export interface RestoreOptions {
  emails: number;
  json: boolean;
}

interface Row {
  what: string;
  count: number;
  perSec: number;
  peer: string;
  peerPerSec: number;
  toPeer: number;
}

const LOAD = { rate: 20, bytes: 20_000 };
const POLL_MS = 100;

/** `bench restore`: emails are sent the whole way and erased; then the database is lost, restored, and read anew. */
export async function restoreBench({ emails, json }: RestoreOptions): Promise<void> {
  const gateway = await startMeasuredGateway('postgres');
  try {
    await handIn(gateway, { ...LOAD, mails: emails });
    await sentEmails(gateway, emails);
    const rows = [await erase(gateway), await restore(gateway)];
    if (json) {
      console.log(JSON.stringify({ suite: 'restore', cores: cpus().length, emails, rows }));
      return;
    }
    console.log(`restore: ${emails} emails, ${cpus().length} cores, sinks and database on the same machine`);
    console.table(
      rows.map(({ perSec, peerPerSec, toPeer, ...row }) => ({
        ...row,
        perSec: perSec.toFixed(1),
        peerPerSec: peerPerSec.toFixed(1),
        toPeer: toPeer.toFixed(4),
      })),
    );
  } finally {
    await gateway.stop();
  }
}

const rowOf = (what: string, count: number, ms: number, peer: string, peerMs: number): Row => ({
  what,
  count,
  perSec: (count / ms) * 1_000,
  peer,
  peerPerSec: (count / peerMs) * 1_000,
  toPeer: peerMs / ms,
});

async function erase(gateway: MeasuredGateway): Promise<Row> {
  const pool = createPool({ url: gateway.databaseUrl, schema: 'receipts', max: 1 });
  try {
    const { emails, erasing, deleting } = await eraseAll(gateway, pool);
    return rowOf('erase an email', emails, erasing, 'delete a row', deleting);
  } finally {
    await pool.end();
  }
}

async function restore(gateway: MeasuredGateway): Promise<Row> {
  while ((await readersBehind(gateway.databaseUrl)).length > 0) await sleep(POLL_MS);
  await gateway.pause();
  const restored = await cloneDatabase(gateway.databaseUrl);
  const pool = createPool({ url: gateway.databaseUrl, schema: 'receipts', max: 1 });
  try {
    const sources = await sourcesOf(pool);
    const sentBefore = mailsIn(gateway);
    const starting = gateway.resumeOn(restored, sayRestored);
    const began = await connectedTo(pool, restored);
    await starting;
    while ((await readersBehind(restored)).length > 0) await sleep(POLL_MS);
    const ms = performance.now() - began;
    if (mailsIn(gateway) !== sentBefore) throw new Error('mail was sent a second time');
    await gateway.pause();
    const read = await readOnly(restored, sources);
    return rowOf('catch up with an event', read.events, ms, 'read an event', read.ms);
  } finally {
    await pool.end();
  }
}

/** As an operator says it. */
async function sayRestored(config: string): Promise<void> {
  const program = join(import.meta.dirname, '../../apps/cli/main.js');
  await promisify(execFile)(process.execPath, [program, 'database', 'restored', '--config', config]);
}

const mailsIn = ({ outside, ownMailServer }: MeasuredGateway): number =>
  outside.counted().mails + ownMailServer.counted().mails;

/** The moment in which the gateway has loaded its program, and begins. */
async function connectedTo(pool: Pool, url: string): Promise<number> {
  const database = new URL(url).pathname.slice(1);
  for (;;) {
    const { rowCount } = await pool.query(
      `select from pg_stat_activity where datname = $1 and application_name like 'securemail-%'
         and application_name <> 'securemail-restored'`,
      [database],
    );
    if (rowCount !== null && rowCount > 0) return performance.now();
    await sleep(20);
  }
}
