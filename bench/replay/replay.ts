// SPDX-License-Identifier: Apache-2.0
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { demoSettings, ensureDemoFiles } from '@securemail/cli/world';
import { createPool, type Pool } from '@securemail/event-store';
import { verifierKey, verifyExport } from '@securemail/ledger';
import {
  exportLedger,
  openLedgerSigner,
  ReceiptsServiceSettings,
  replay,
  startReceipts,
} from '@securemail/receipts';
import { recordedEmails } from '@securemail/receipts/testing';
import { startPostgres } from '@securemail/testing';
import { verifyInChromium } from './in-chromium.ts';
import { seed, TENANT } from './seed.ts';

export interface ReplayOptions {
  events: number;
  json: boolean;
}

interface Row {
  what: string;
  perSec: number;
  /** To the peer's, who reads and does nothing else. */
  toRead: number;
  /** Of this process; null where another one works. */
  rssMiB: number | null;
  grewMiB: number | null;
}

const MIB = 1024 * 1024;

/** `bench replay`: what the ledger does with events, one core, database on the same machine. */
export async function replayBench({ events, json }: ReplayOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-replay-'));
  // Where we are root, Postgres runs as another user and has to reach its data.
  await chmod(folder, 0o755);
  const paths = await ensureDemoFiles(folder);
  const postgres = await startPostgres({ dataDir: paths.postgres });
  const ports = { ownMailServerPort: 1, outsidePort: 1, smtpPort: 0 };
  const settings = ReceiptsServiceSettings.parse(
    demoSettings({ paths, databaseUrl: postgres.url, brokers: null, ...ports }),
  );
  // Brings the schema up to date.
  await (await startReceipts(settings)).close();
  const pool = createPool({ url: postgres.url, schema: 'receipts', max: 4 });
  try {
    const recordMs = await seed(pool, events);
    const rows = await measure(pool, settings, folder, events, recordMs);
    if (json) console.log(JSON.stringify({ suite: 'replay', cores: cpus().length, events, rows }));
    else {
      console.log(`replay: ${events} events, one core of ${cpus().length}, database on the same machine`);
      console.table(
        rows.map(({ what, perSec, toRead, rssMiB, grewMiB }) => ({
          what,
          perSec: Math.round(perSec),
          toRead: toRead.toFixed(2),
          rssMiB: rssMiB === null ? '–' : Math.round(rssMiB),
          grewMiB: grewMiB === null ? '–' : Math.round(grewMiB),
        })),
      );
    }
  } finally {
    await pool.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  pool: Pool,
  { receipts }: ReceiptsServiceSettings,
  folder: string,
  events: number,
  recordMs: number,
): Promise<Row[]> {
  if (receipts.ledger === undefined) throw new Error('the demo has a ledger');
  const signer = openLedgerSigner(receipts.ledger);
  const file = join(folder, 'export.jsonl');
  const verifiers = signer.verifiersOf(TENANT);
  const phases: [what: string, work: () => Promise<number>][] = [
    [
      'read',
      async () => {
        let read = 0;
        for await (const email of recordedEmails(pool, TENANT, null, null)) read += email.events.length;
        return read;
      },
    ],
    [
      'replay',
      async () => {
        const { events: replayed, differenceCount, unreadableCount } = await replay(pool, TENANT);
        if (differenceCount + unreadableCount > 0) throw new Error(`${differenceCount} differences`);
        return replayed;
      },
    ],
    [
      'export',
      async () => {
        const ready = await exportLedger(
          { pool, tenantId: TENANT, signer },
          { from: null, to: null },
          new Date(),
        );
        if ('refused' in ready) throw new Error('a clock was ahead');
        await pipeline(Readable.from(ready.pieces), createWriteStream(file));
        return ready.scope.count;
      },
    ],
    [
      'verify',
      async () => {
        const verdict = await verifyExport(createReadStream(file), verifiers);
        if (!verdict.isVerified) throw new Error(JSON.stringify(verdict.faults[0]));
        return verdict.events;
      },
    ],
  ];
  const measured: Omit<Row, 'toRead'>[] = [
    {
      what: 'record',
      perSec: (events / recordMs) * 1_000,
      rssMiB: process.memoryUsage.rss() / MIB,
      grewMiB: 0,
    },
  ];
  for (const [what, work] of phases) measured.push({ what, ...(await measureOne(work)) });
  const inChromium = await verifyInChromium(file, verifiers.map(verifierKey).join('\n'));
  if (inChromium !== null)
    measured.push({
      what: 'verify in Chromium',
      perSec: (events / inChromium) * 1_000,
      rssMiB: null,
      grewMiB: null,
    });
  const read = measured.find(({ what }) => what === 'read')?.perSec ?? 1;
  return measured.map((row) => ({ ...row, toRead: row.perSec / read }));
}

async function measureOne(work: () => Promise<number>): Promise<Omit<Row, 'what' | 'toRead'>> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  const began = performance.now();
  const count = await work();
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(timer);
  return { perSec: count / seconds, rssMiB: most / MIB, grewMiB: (most - before) / MIB };
}
