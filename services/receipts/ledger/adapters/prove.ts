// SPDX-License-Identifier: Apache-2.0
import type { EventId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { inclusionProof, proofText, subtreesIn, type ReadTile } from '@securemail/ledger';
import { lastCheckpoint, signCheckpoint } from './checkpoints.ts';
import type { LedgerSigner } from './ledger-signer.ts';
import { tilesOf } from './tiles.ts';

/**
 * What proves that these events are in the ledger of the organisation, one proof after the other in its order.
 *
 * @returns null where the ledger has not taken all of them yet.
 */
export async function prove(
  pool: Pool,
  tenantId: TenantId,
  signer: LedgerSigner,
  eventIds: readonly EventId[],
  now: Date,
): Promise<string | null> {
  const { rows } = await pool.query<{ leaf: string; content: string }>({
    name: 'ledger/leaves-with',
    text: 'select leaf, content from ledger_leaves where tenant_id = $1 and event_id = any($2::uuid[]) order by leaf',
    values: [tenantId, eventIds],
  });
  if (rows.length < eventIds.length) return null;
  const { size, note } = await checkpointAfter(pool, tenantId, signer, Number(rows.at(-1)?.leaf ?? -1), now);
  const subtree = subtreesIn(remembering(tilesOf(pool, tenantId)));
  const proofs = rows.map(async ({ leaf, content }) => {
    const index = Number(leaf);
    return proofText({ leaf: content, index, proof: await inclusionProof(index, size, subtree), note });
  });
  return (await Promise.all(proofs)).join('');
}

/** The last that was signed, where it has the leaf; else one that is signed now. */
async function checkpointAfter(
  pool: Pool,
  tenantId: TenantId,
  signer: LedgerSigner,
  leaf: number,
  now: Date,
): Promise<{ size: number; note: string }> {
  const last = await lastCheckpoint(pool, tenantId);
  if (last !== null && last.size > leaf) return last;
  const { checkpoint, note } = await signCheckpoint(pool, tenantId, signer, now);
  return { size: checkpoint.size, note };
}

/** A proof looks into the same few tiles again and again. */
function remembering(read: ReadTile): ReadTile {
  const tiles = new Map<string, ReturnType<ReadTile>>();
  return (level, index) => {
    const key = `${level}/${index}`;
    const tile = tiles.get(key) ?? read(level, index);
    tiles.set(key, tile);
    return tile;
  };
}
