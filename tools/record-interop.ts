// SPDX-License-Identifier: Apache-2.0

/**
 * Tries everything with every S/MIME program of this machine and records how it went, for docs/interop.md and the
 * test that compares. Read what it changed before you commit it: a "no" may be a fault of ours.
 */
import { interopPeople } from '../libs/smime/testing/interop/people.ts';
import type { Peer } from '../libs/smime/testing/interop/peer.ts';
import { PEERS } from '../libs/smime/testing/interop/peers/peers.ts';
import { record, type Column } from '../libs/smime/testing/interop/results.ts';
import { ROWS } from '../libs/smime/testing/interop/rows.ts';
import { runCell, type Direction } from '../libs/smime/testing/interop/run-cell.ts';

const { workshop, authority, people } = await interopPeople();

async function columnOf(peer: Peer, direction: Direction): Promise<Column> {
  const outcomes = [];
  for (const row of ROWS) outcomes.push([row.name, await runCell(peer, people, row, direction)] as const);
  return Object.fromEntries(outcomes);
}

for (const kind of PEERS) {
  const { name, install } = kind;
  const peer = await kind.start(workshop, authority);
  if (peer === null) {
    process.stderr.write(`${name} is not on this machine: ${install}\n`);
    continue;
  }
  record(name, peer.version, { ours: await columnOf(peer, 'ours'), theirs: await columnOf(peer, 'theirs') });
  await peer.close();
}
await workshop.close();
