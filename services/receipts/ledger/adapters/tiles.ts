// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { HASH_OCTETS, hashesIn, rootOver, TILE_WIDTH, type Hash, type ReadTile } from '@securemail/ledger';

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

/** @throws Error for a tile that is not there. */
export const tilesOf =
  (executor: Pool | Transaction, tenantId: TenantId): ReadTile =>
  async (level, tile) => {
    const hashes = await tileIfThere(executor, tenantId, level, tile);
    if (hashes === null) throw new Error(`the ledger has no tile ${tile} of level ${level}`);
    return hashes;
  };

/** Adds leaves to the tree, and to each level of tiles above what is whole below. */
export async function grow(
  tx: Transaction,
  tenantId: TenantId,
  size: number,
  leaves: readonly Hash[],
): Promise<void> {
  const read = tilesOf(tx, tenantId);
  for (let [level, had, added] = [0, size, leaves]; added.length > 0; level += 1) {
    const first = Math.floor(had / TILE_WIDTH);
    const begun =
      had % TILE_WIDTH === 0
        ? []
        : hashesIn((await read(level, first)).subarray(0, (had % TILE_WIDTH) * HASH_OCTETS));
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
