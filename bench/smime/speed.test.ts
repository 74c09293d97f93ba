// SPDX-License-Identifier: Apache-2.0
import { sayOnStderr } from '@securemail/testing';
import { ALGORITHMS, OPERATIONS } from './cases.ts';
import { castFor } from './cast.ts';
import { checkOutcome } from './check.ts';
import { closePeers, PEERS, startPeers, type RunningPeers } from './peers.ts';
import { speed } from './speed.ts';
import { taskOf } from './task.ts';

const TINY = { bytes: [1_000], recipients: [2], seconds: 0.001, rounds: 1, patience: 60 };

/** Garbage is collected between all turns, which takes seconds in the process of a whole test run. */
const PATIENCE_MS = 900_000;

let here: RunningPeers;
beforeAll(async () => {
  here = await startPeers(PEERS, TINY.seconds);
  for (const peer of PEERS) if (!here.has(peer)) sayOnStderr(`nothing is tried with ${peer}`);
});
afterAll(() => closePeers(here));

it.each(ALGORITHMS)(
  'each peer that is here does each operation right, with %s',
  async (alg) => {
    const rows = await speed({ ...TINY, ops: [...OPERATIONS], algs: [alg], peers: [...here.keys()] });
    expect(rows.map(({ op }) => op)).toEqual([...OPERATIONS]);
    for (const row of rows) {
      expect(row.ratio).toBeGreaterThan(0);
      for (const peer of PEERS) {
        const can = here.has(peer) && !(peer === 'forge' && alg === 'p-256');
        expect([row.op, peer, row.vs[peer] !== null]).toEqual([row.op, peer, can]);
      }
    }
  },
  PATIENCE_MS,
);

it('a contender that makes something else is found out', async () => {
  const task = taskOf({ op: 'sign', bytes: 1_000, recipients: 1, alg: 'p-256' }, await castFor('p-256', 1));
  await expect(checkOutcome(task, task.content)).rejects.toThrow('its layers are ');
  const opening = { ...task, op: 'open+verify' } as const;
  await expect(checkOutcome(opening, Buffer.from('x'))).rejects.toThrow('another content came out');
});
