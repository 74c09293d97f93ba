// SPDX-License-Identifier: Apache-2.0
import { rootOver } from '../frontier.ts';
import type { Hash } from '../hash.ts';
import { isSame } from '../octets.ts';
import { hashOfRange, inclusionProof, rootByInclusion, type WholeSubtree } from '../proofs.ts';
import { TILE_WIDTH } from '../tiles.ts';

/** A tree is one over its tiles, too, of which the last may lack leaves. */
const tilesIn = (size: number): number => Math.ceil(size / TILE_WIDTH);

export function proofOfTile(tile: number, size: number, subtree: WholeSubtree): Promise<Hash[]> {
  const overTiles: WholeSubtree = (level, index) => {
    const width = TILE_WIDTH * 2 ** level;
    return hashOfRange(index * width, Math.min((index + 1) * width, size), subtree);
  };
  return inclusionProof(tile, tilesIn(size), overTiles);
}

/** @param hashes of all leaves that the tile has in the tree. */
export function isTileOf(
  tree: { size: number; root: Hash },
  tile: number,
  hashes: readonly Hash[],
  proof: readonly Hash[],
): boolean {
  if (hashes.length !== Math.min(TILE_WIDTH, tree.size - tile * TILE_WIDTH)) return false;
  const root = rootByInclusion(rootOver(hashes), tile, tilesIn(tree.size), proof);
  return root !== null && isSame(root, tree.root);
}
