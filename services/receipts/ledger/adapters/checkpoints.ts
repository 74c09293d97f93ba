// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import {
  checkpointText,
  consistencyProof,
  hashOfRange,
  isConsistent,
  openNote,
  parseCheckpoint,
  subtreesIn,
  type Checkpoint,
} from '@securemail/ledger';
import type { LedgerSigner } from './ledger-signer.ts';
import { sizeOf } from './read-ledger.ts';
import { tilesOf } from './tiles.ts';

export interface Signed {
  checkpoint: Checkpoint;
  note: string;
}

/** What is kept of the tree is not what was signed of it last. */
export class LedgerTouchedError extends Error {
  override name = 'LedgerTouchedError';
  constructor(readonly last: Signed) {
    super('the tree does not begin with what was signed of it');
  }
}

/**
 * Signs how far the ledger has come, and keeps what was signed.
 *
 * @throws LedgerTouchedError where the tree does not begin with what was signed last: nothing is signed then.
 */
export async function signCheckpoint(
  pool: Pool,
  tenantId: TenantId,
  signer: LedgerSigner,
  now: Date,
): Promise<Signed> {
  const size = await sizeOf(pool, tenantId);
  // What is whole below that size stays as it is, however far the tree has grown since.
  const subtree = subtreesIn(tilesOf(pool, tenantId));
  const root = await hashOfRange(0, size, subtree);
  const checkpoint = { origin: signer.originOf(tenantId), size, root };
  const last = await lastCheckpoint(pool, tenantId, size);
  const former = last === null ? null : parseCheckpoint(openNote(last.note, [])?.text ?? '');
  if (last !== null && former !== null) {
    const proof = await consistencyProof(last.size, size, subtree);
    if (!isConsistent(former, checkpoint, proof))
      throw new LedgerTouchedError({ checkpoint: former, note: last.note });
  }
  const note = signer.sign(checkpointText(checkpoint), tenantId);
  await pool.query({
    name: 'ledger/keep-checkpoint',
    text: `insert into ledger_checkpoints (tenant_id, size, note, signed_at) values ($1, $2, $3, $4)
      on conflict do nothing`,
    values: [tenantId, size, note, now],
  });
  return { checkpoint, note };
}

/**
 * The last that was signed; null where none was.
 *
 * @param within of not more leaves than these.
 */
export async function lastCheckpoint(
  pool: Pool,
  tenantId: TenantId,
  within: number = Number.MAX_SAFE_INTEGER,
): Promise<{ size: number; note: string; signedAt: Date } | null> {
  const { rows } = await pool.query<{ size: string; note: string; signedAt: Date }>({
    name: 'ledger/last-checkpoint',
    text: `select size, note, signed_at as "signedAt" from ledger_checkpoints
      where tenant_id = $1 and size <= $2 order by size desc limit 1`,
    values: [tenantId, within],
  });
  const [last] = rows;
  return last === undefined ? null : { ...last, size: Number(last.size) };
}

/** What was signed when the ledger had so many leaves; null where nothing was. */
export async function checkpointOf(
  pool: Pool,
  tenantId: TenantId,
  size: number,
): Promise<{ size: number; note: string } | null> {
  const { rows } = await pool.query<{ note: string }>({
    name: 'ledger/checkpoint-of',
    text: 'select note from ledger_checkpoints where tenant_id = $1 and size = $2',
    values: [tenantId, size],
  });
  const [found] = rows;
  return found === undefined ? null : { size, note: found.note };
}

/** Whose ledgers have grown since something of them was signed. */
export async function unsigned(pool: Pool): Promise<TenantId[]> {
  const { rows } = await pool.query<{ tenantId: TenantId }>(
    `select tenant_id as "tenantId" from ledgers l
      where size > coalesce((select max(size) from ledger_checkpoints c where c.tenant_id = l.tenant_id), 0)`,
  );
  return rows.map(({ tenantId }) => tenantId);
}
