// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { entryOf, HASH_OCTETS, hashesIn, hashOfLeaf, rootOver, TILE_WIDTH } from '@securemail/ledger';

/**
 * A tile that is not there, made of the leaves and the tiles below it: what it has follows from them, and whether they are
 * what they were shows against what was signed.
 *
 * @param width hashes that it is to have.
 * @throws Error where a leaf is not there.
 */
export async function tileMadeAnew(
  executor: Pool | Transaction,
  tenantId: TenantId,
  { level, tile, width }: { level: number; tile: number; width: number },
): Promise<Uint8Array> {
  const first = tile * TILE_WIDTH;
  if (level === 0) {
    const { rows } = await executor.query<{ content: string }>({
      name: 'ledger/leaves-of-tile',
      text: 'select content from ledger_leaves where tenant_id = $1 and leaf >= $2 and leaf < $3 order by leaf',
      values: [tenantId, first, first + width],
    });
    if (rows.length < width) throw new Error(`the ledger lacks leaves of tile ${tile}`);
    return Buffer.concat(rows.map(({ content }) => hashOfLeaf(entryOf(content))));
  }
  const roots: Uint8Array[] = [];
  for (let below = first; below < first + width; below += 1) {
    const place = { level: level - 1, tile: below, width: TILE_WIDTH };
    const { rows } = await executor.query<{ hashes: Buffer }>({
      name: 'ledger/tile',
      text: 'select hashes from ledger_tiles where tenant_id = $1 and level = $2 and tile = $3',
      values: [tenantId, place.level, place.tile],
    });
    const there = rows[0]?.hashes;
    const hashes =
      there?.length === TILE_WIDTH * HASH_OCTETS ? there : await tileMadeAnew(executor, tenantId, place);
    roots.push(rootOver(hashesIn(hashes)));
  }
  return Buffer.concat(roots);
}
