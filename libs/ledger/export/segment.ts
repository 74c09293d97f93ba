// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint } from '../checkpoint.ts';
import type { Hash } from '../hash.ts';
import { hex } from '../octets.ts';
import { hashesIn, TILE_WIDTH } from '../tiles.ts';
import { compare, type Difference } from './compare.ts';
import { TileLine } from './format.ts';
import type { Recorded } from './recorded.ts';
import type { Genuine, Refuse } from './scope-check.ts';
import { isTileOf } from './tile-proof.ts';

/** Lines between two tiles of which more is told than that they are there. */
const MOST_LINES = 4 * TILE_WIDTH;

/** Of one tile, the leaves that are to follow, and the lines that do. */
export interface Segment {
  tile: number;
  leaves: readonly { leaf: number }[];
  take(found: { line: number; hash: Hash; recorded: Recorded | null }): void;
  /** @returns what is as the ledger has it, in the order that it has there. */
  close(refuse: Refuse): Genuine[];
}

/** @returns null where the line is no tile. */
export function openSegment(
  json: unknown,
  line: number,
  { size, root }: Checkpoint,
  refuse: Refuse,
): Segment | null {
  const read = TileLine.safeParse(json);
  const from = read.success ? read.data.tile * TILE_WIDTH : size;
  if (!read.success || from >= size) {
    refuse('unreadable', `Line ${line} is no tile of the ledger.`, { line });
    return null;
  }
  const { tile, proof } = read.data;
  const hashes = hashesIn(read.data.hashes);
  const isProven = isTileOf({ size, root }, tile, hashes, proof);
  if (!isProven)
    refuse(
      'tile',
      `The hashes of leaves ${from} to ${Math.min(from + TILE_WIDTH, size) - 1} are not those of the ledger: what follows them proves nothing.`,
      { line, leaf: from },
    );
  const leaves = read.data.leaves
    .flatMap(([first, count]) =>
      hashes.slice(first, first + count).map((hash, at) => ({ place: first + at, hash })),
    )
    .slice(0, TILE_WIDTH)
    .map(({ place, hash }) => ({ leaf: from + place, hash: hex(hash) }));
  const found: { line: number; hash: string; eventId: string | null; recorded: Recorded | null }[] = [];
  let more = 0;
  return {
    tile,
    leaves,
    take({ line: at, hash, recorded }) {
      if (found.length < MOST_LINES)
        found.push({ line: at, hash: hex(hash), eventId: recorded?.id ?? null, recorded });
      else more += 1;
    },
    close(tell) {
      if (more > 0) tell('added', `${more} more lines than are told of follow line ${line}.`, { line });
      for (const difference of compare(leaves, found)) told(difference, tell);
      if (!isProven) return [];
      const leafOf = new Map(leaves.map(({ leaf, hash }) => [hash, leaf]));
      const genuine = found.flatMap(({ hash, line: at, recorded }): Genuine[] => {
        const leaf = leafOf.get(hash);
        if (leaf === undefined) return [];
        leafOf.delete(hash);
        if (recorded !== null) return [{ recorded, leaf, line: at }];
        tell('unreadable', `Leaf ${leaf} is no event.`, { line: at, leaf });
        return [];
      });
      return genuine.sort((a, b) => a.leaf - b.leaf);
    },
  };
}

function told(difference: Difference, refuse: Refuse): void {
  const claim =
    'eventId' in difference && difference.eventId !== null
      ? ` It says that it is event ${difference.eventId}.`
      : '';
  const { what, ...of } = difference;
  switch (difference.what) {
    case 'changed':
      refuse(
        what,
        `Line ${difference.line} is not what the ledger has as leaf ${difference.leaf}.${claim}`,
        of,
      );
      return;
    case 'moved':
      refuse(
        what,
        `Leaf ${difference.leaf} stands at line ${difference.line}, and not in its turn.${claim}`,
        of,
      );
      return;
    case 'added':
      refuse(what, `Line ${difference.line} is not in the ledger, or is there once more.${claim}`, of);
      return;
    case 'removed':
      refuse(what, `What the ledger has as leaf ${difference.leaf} is not in the file.`, of);
  }
}
