// SPDX-License-Identifier: Apache-2.0
import { cpus } from 'node:os';
import { sayOnStderr } from '@securemail/testing';
import { missed } from './aims.ts';
import { casesOf, type Algorithm, type OperationName } from './cases.ts';
import { castFor } from './cast.ts';
import { Patience } from './patience.ts';
import { closePeers, startPeers, type PeerName } from './peers.ts';
import { runCase, type Row } from './run-case.ts';
import { size, speedTable } from './table.ts';

export interface SmimeOptions {
  ops: OperationName[];
  bytes: number[];
  recipients: number[];
  algs: Algorithm[];
  peers: PeerName[];
  seconds: number;
  rounds: number;
  patience: number;
  json: boolean;
}

/** `bench smime`: libs/smime against the primitives beneath it and against others. */
export async function smime(options: SmimeOptions): Promise<void> {
  const start = performance.now();
  const rows = await speed(options);
  console.log(`smime: one core of ${cpus().length}, operations a second\n`);
  console.log(speedTable(rows));
  const misses = missed(rows);
  console.log(
    misses.length === 0 ? '\nAll aims are met.' : `\nAims that are missed:\n- ${misses.join('\n- ')}`,
  );
  console.log(`\n${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
  if (options.json) console.log(JSON.stringify({ suite: 'smime', cores: cpus().length, rows }));
}

async function speed({ algs, peers: wanted, patience: seconds, ...options }: SmimeOptions): Promise<Row[]> {
  const peers = await startPeers(wanted);
  const patience = new Patience(seconds);
  const rows: Row[] = [];
  try {
    for (const alg of algs) {
      const cast = await castFor(alg, Math.max(1, ...options.recipients));
      for (const each of casesOf({ ...options, algs: [alg] })) {
        sayOnStderr(`${each.op}, ${size(each.bytes)}, ${each.recipients} recipient(s), ${alg}`);
        rows.push(await runCase(each, { cast, peers, effort: options, patience, say: sayOnStderr }));
      }
    }
  } finally {
    await closePeers(peers);
  }
  return rows;
}
