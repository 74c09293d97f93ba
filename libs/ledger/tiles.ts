// SPDX-License-Identifier: Apache-2.0
import { rootOver } from './frontier.ts';
import { HASH_OCTETS, type Hash } from './hash.ts';
import type { WholeSubtree } from './proofs.ts';

/** Hashes in a whole tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** Levels of the tree between those that tiles hold. */
const TILE_HEIGHT = 8;

/** Where a tile is fetched. @param width hashes; less than {@link TILE_WIDTH}: what there is so far. */
export function tilePath(level: number | 'entries', index: number, width = TILE_WIDTH): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The hashes of a tile, one after the other. */
export type ReadTile = (level: number, index: number) => Promise<Uint8Array>;

export const hashesIn = (tile: Uint8Array): Hash[] =>
  Array.from({ length: Math.floor(tile.length / HASH_OCTETS) }, (_, at) =>
    tile.subarray(at * HASH_OCTETS, (at + 1) * HASH_OCTETS),
  );

/** @throws Error where the tile has not come so far. */
export const subtreesIn =
  (read: ReadTile): WholeSubtree =>
  async (level, index) => {
    const below = level % TILE_HEIGHT;
    const width = 2 ** below;
    const first = index * width;
    const tile = await read(Math.floor(level / TILE_HEIGHT), Math.floor(first / TILE_WIDTH));
    const at = first % TILE_WIDTH;
    const hashes = hashesIn(tile.subarray(at * HASH_OCTETS, (at + width) * HASH_OCTETS));
    if (hashes.length < width) throw new Error(`the ledger has no hash of level ${level}, index ${index}`);
    return rootOver(hashes);
  };
