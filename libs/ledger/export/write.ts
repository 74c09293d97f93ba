// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint } from '../checkpoint.ts';
import { HASH_OCTETS, newSha256 } from '../hash.ts';
import { base64 } from '../octets.ts';
import { subtreesIn, TILE_WIDTH, type ReadTile } from '../tiles.ts';
import { endLine, endText, FORMAT, type Header, type Scope } from './format.ts';
import { proofOfTile } from './tile-proof.ts';

export interface Leaf {
  index: number;
  /** As of `leafOf`. */
  text: string;
}

export interface Exported {
  scope: Scope;
  exportedAt: Date;
  checkpoint: Checkpoint;
  /** The checkpoint as it was signed. */
  note: string;
  /** In the order of the ledger, below the size of the checkpoint. */
  leaves: AsyncIterable<Leaf>;
  readTile: ReadTile;
  /** Signs a text as the ledger: a note. */
  sign: (text: string) => string;
}

/** The file, in pieces that end with a line. What is in memory at once is one tile and its leaves. */
export async function* writeExport(exported: Exported): AsyncGenerator<string, void, undefined> {
  const { scope, exportedAt, checkpoint, note, leaves, sign } = exported;
  const sha256 = newSha256();
  let lines = 0;
  const told = (text: string, count: number): string => {
    sha256.update(text);
    lines += count;
    return text;
  };
  const header: Header = { format: FORMAT, exportedtime: exportedAt.toISOString(), scope, checkpoint: note };
  yield told(`${JSON.stringify(header)}\n`, 1);
  let gathered: Leaf[] = [];
  const tileOf = ({ index }: Leaf) => Math.floor(index / TILE_WIDTH);
  for await (const leaf of leaves) {
    const [first] = gathered;
    if (first !== undefined && tileOf(first) !== tileOf(leaf)) {
      yield told(await segmentOf(gathered, exported), gathered.length + 1);
      gathered = [];
    }
    gathered.push(leaf);
  }
  if (gathered.length > 0) yield told(await segmentOf(gathered, exported), gathered.length + 1);
  yield endLine(sign(endText(checkpoint.origin, lines, sha256.digest())));
}

async function segmentOf(leaves: readonly Leaf[], { checkpoint, readTile }: Exported): Promise<string> {
  const tile = Math.floor((leaves[0]?.index ?? 0) / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, checkpoint.size - tile * TILE_WIDTH);
  const hashes = (await readTile(0, tile)).subarray(0, width * HASH_OCTETS);
  const proof = await proofOfTile(tile, checkpoint.size, subtreesIn(readTile));
  const line = {
    tile,
    hashes: base64(hashes),
    proof: proof.map(base64),
    leaves: inARow(leaves.map(({ index }) => index - tile * TILE_WIDTH)),
  };
  return `${JSON.stringify(line)}\n${leaves.map(({ text }) => `${text}\n`).join('')}`;
}

function inARow(places: readonly number[]): [first: number, count: number][] {
  const rows: [number, number][] = [];
  for (const place of places) {
    const last = rows.at(-1);
    if (last !== undefined && last[0] + last[1] === place) last[1] += 1;
    else rows.push([place, 1]);
  }
  return rows;
}
