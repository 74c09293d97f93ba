// SPDX-License-Identifier: Apache-2.0
import { sayOnStderr } from '@securemail/testing/process';
import { casesOf, type Choice } from './cases.ts';
import { castFor } from './cast.ts';
import type { Effort } from './measure.ts';
import { Patience } from './patience.ts';
import { closePeers, startPeers, type PeerName } from './peers.ts';
import { runCase, type Row } from './run-case.ts';
import { size } from './table.ts';

export interface SpeedOptions extends Choice, Effort {
  peers: PeerName[];
  /** Seconds that one operation of a peer may take. */
  patience: number;
}

/** All cases, one after the other; progress goes to standard error. */
export async function speed({ algs, ...options }: SpeedOptions): Promise<Row[]> {
  const peers = await startPeers(options.peers, 2 * options.seconds);
  const patience = new Patience(options.patience);
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
