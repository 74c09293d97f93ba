// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { HASH_OCTETS, hashesIn, rootOver, TILE_WIDTH, type Hash, type ReadTile } from '@securemail/ledger';
import { tileMadeAnew } from './lost-tile.ts';
import { sizeOf } from './read-ledger.ts';

export async function tileIfThere(
  executor: Pool | Transaction,
  tenantId: TenantId,
  level: number,
  tile: number,
): Promise<Uint8Array | null> {
  const { rows } = await executor.query<{ hashes: Buffer }>({
    name: 'ledger/tile',
    text: 'select hashes from ledger_tiles where tenant_id = $1 and level = $2 and tile = $3',
    values: [tenantId, level, tile],
  });
  return rows[0]?.hashes ?? null;
}

/** One that was lost, or a part of it, is made anew: it follows from the leaves. @throws Error for a tile that is none yet. */
export const tilesOf =
  (executor: Pool | Transaction, tenantId: TenantId): ReadTile =>
  async (level, tile) => {
    const hashes = await tileIfThere(executor, tenantId, level, tile);
    if (hashes?.length === TILE_WIDTH * HASH_OCTETS) return hashes;
    const width = await widthOf(executor, tenantId, level, tile);
    if (width === 0) throw new Error(`the ledger has no tile ${tile} of level ${level}`);
    if (hashes !== null && hashes.length >= width * HASH_OCTETS) return hashes;
    return tileMadeAnew(executor, tenantId, { level, tile, width });
  };

/** How many hashes a tile is to have; 0 where the ledger has not come so far. */
export async function widthOf(
  executor: Pool | Transaction,
  tenantId: TenantId,
  level: number,
  tile: number,
): Promise<number> {
  const there = Math.floor((await sizeOf(executor, tenantId)) / TILE_WIDTH ** level) - tile * TILE_WIDTH;
  return Math.max(0, Math.min(there, TILE_WIDTH));
}

/** So much of a tile as is to be there; a lost one keeps no ledger from growing. */
async function tileBegun(
  tx: Transaction,
  tenantId: TenantId,
  place: { level: number; tile: number; width: number },
): Promise<Uint8Array> {
  const octets = place.width * HASH_OCTETS;
  const there = await tileIfThere(tx, tenantId, place.level, place.tile);
  if (there !== null && there.length >= octets) return there.subarray(0, octets);
  return tileMadeAnew(tx, tenantId, place);
}

/** Adds leaves to the tree, and to each level of tiles above what is whole below. */
export async function grow(
  tx: Transaction,
  tenantId: TenantId,
  size: number,
  leaves: readonly Hash[],
): Promise<void> {
  for (let [level, had, added] = [0, size, leaves]; added.length > 0; level += 1) {
    const first = Math.floor(had / TILE_WIDTH);
    const begun =
      had % TILE_WIDTH === 0
        ? []
        : hashesIn(await tileBegun(tx, tenantId, { level, tile: first, width: had % TILE_WIDTH }));
    const all = [...begun, ...added];
    const tiles = Array.from({ length: Math.ceil(all.length / TILE_WIDTH) }, (_, at) =>
      all.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH),
    );
    await tx.query({
      name: 'ledger/write-tiles',
      text: `insert into ledger_tiles (tenant_id, level, tile, hashes)
        select $1, $2, $3::bigint + t.ordinal - 1, t.hashes from unnest($4::bytea[]) with ordinality as t (hashes, ordinal)
        on conflict (tenant_id, level, tile) do update set hashes = excluded.hashes`,
      values: [tenantId, level, first, tiles.map((hashes) => Buffer.concat(hashes))],
    });
    had = first;
    added = tiles.filter(({ length }) => length === TILE_WIDTH).map(rootOver);
  }
}
