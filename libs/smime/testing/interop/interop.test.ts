// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing, sayOnStderr } from '@securemail/testing';
import { entityOf, signEntity, softwareSigner } from '../../index.ts';
import { partsOf } from '../cms-of.ts';
import { judgeOutcome } from './judge-outcome.ts';
import { PeerRefused, type Peer } from './peer.ts';
import { interopPeople, personNamed } from './people.ts';
import { PEERS } from './peers/peers.ts';
import { renderInterop } from './render-interop.ts';
import { knownOf, readResults } from './results.ts';
import { ROWS, type Row } from './rows.ts';
import { runCell, type Direction } from './run-cell.ts';

const { workshop, authority, people } = await interopPeople();
const peers = await Promise.all(
  PEERS.map(async (kind) => ({ kind, peer: await kind.start(workshop, authority) })),
);
afterAll(async () => {
  await Promise.all(peers.map(async ({ peer }) => await peer?.close()));
  await workshop.close();
});

const results = readResults();

/**
 * Does it, and fails where that did not go as it is recorded. A version that nobody recorded may do other things, which
 * is a failure in CI alone: what a developer has installed is not his fault, and still he is told.
 */
async function goesAsRecorded(peer: Peer, row: Row, direction: Direction): Promise<void> {
  const known = knownOf(results, peer.name, peer.version);
  const difference = judgeOutcome(known, direction, row.name, await runCell(peer, people, row, direction));
  if (difference === null) return;
  const sentence = `${peer.name} ${peer.version}, ${direction}, ${row.name}: ${difference}`;
  if (known.version === 'this' || process.env['CI'] === 'true') throw new Error(sentence);
  sayOnStderr(sentence);
}

for (const { kind, peer } of peers) {
  if (peer === null) {
    missing(kind.name, kind.install);
    continue;
  }
  const known = knownOf(results, peer.name, peer.version);
  describe(`${peer.name} ${peer.version}`, () => {
    if (known.version === 'none') {
      missing(`a record of ${peer.name} ${peer.version}`, 'npm run interop');
      return;
    }
    const says = (direction: Direction, row: Row) => known.recorded[direction][row.name] === 'works';

    it.each(ROWS.map((row) => [says('ours', row) ? 'opens' : 'does not open', row.name, row] as const))(
      '%s what we make: %s',
      async (_says, _name, row) => {
        await goesAsRecorded(peer, row, 'ours');
      },
    );

    it.each(ROWS.map((row) => [says('theirs', row) ? 'makes' : 'does not make', row.name, row] as const))(
      '%s for us to open: %s',
      async (_says, _name, row) => {
        await goesAsRecorded(peer, row, 'theirs');
      },
    );

    it('refuses a signature of other content, so what it opens it has looked at', async () => {
      const content = Buffer.from('Content-Type: text/plain\r\n\r\nPay 100\r\n');
      const signer = softwareSigner(personNamed(people, 'RSA'));
      const parts = await partsOf(await signEntity(entityOf(content), signer, { signingTime: new Date() }));
      const forged = Buffer.from(content.toString().replace('100', '900'));
      expect(await peer.verify(parts.cms, parts.content)).toEqual(content);
      await expect(peer.verify(parts.cms, forged)).rejects.toThrow(PeerRefused);
    });
  });
}

it('docs/interop.md says what is recorded (npm run docs writes it)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/interop.md'), 'utf8');
  expect(page).toBe(renderInterop(results));
});

it('every row has a name of its own, and is recorded of every version of every peer, and nothing else is', () => {
  const names = ROWS.map(({ name }) => name).toSorted();
  expect(new Set(names).size).toBe(names.length);
  for (const versions of Object.values(results)) {
    for (const recorded of Object.values(versions ?? {})) {
      expect(Object.keys(recorded!.ours).toSorted()).toEqual(names);
      expect(Object.keys(recorded!.theirs).toSorted()).toEqual(names);
    }
  }
});
