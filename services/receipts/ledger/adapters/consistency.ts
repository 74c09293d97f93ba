// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { consistencyProof, consistencyText, subtreesIn } from '@securemail/ledger';
import { checkpointOf, lastCheckpoint } from './checkpoints.ts';
import { tilesOf } from './tiles.ts';

/**
 * `longer`: the ledger never had so many leaves, or does not have them any more; `unsigned`: nothing was signed at that size.
 * `size`: how many leaves it had when it was signed last.
 */
export interface NoConsistency {
  refused: 'longer' | 'unsigned';
  size: number;
}

/**
 * What proves that the ledger begins with what somebody was shown when it had `former` leaves.
 *
 * @param latter leaves of the checkpoint with which it is compared; null: the last that was signed.
 */
export async function proveConsistency(
  pool: Pool,
  tenantId: TenantId,
  former: number,
  latter: number | null,
): Promise<string | NoConsistency> {
  const checkpoint =
    latter === null ? await lastCheckpoint(pool, tenantId) : await checkpointOf(pool, tenantId, latter);
  if (checkpoint === null)
    return { refused: 'unsigned', size: (await lastCheckpoint(pool, tenantId))?.size ?? 0 };
  const { size, note } = checkpoint;
  if (former > size) return { refused: 'longer', size };
  const proof = await consistencyProof(former, size, subtreesIn(tilesOf(pool, tenantId)));
  return consistencyText({ former, proof, note });
}
