// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import {
  entryOf,
  eventIn,
  Frontier,
  hashesIn,
  hashOfLeaf,
  isSame,
  leafOf,
  openNote,
  parseCheckpoint,
  TILE_WIDTH,
  type NoteVerifier,
} from '@securemail/ledger';
import type { LedgerSigner } from './ledger-signer.ts';
import { leavesIn, sizeOf } from './read-ledger.ts';
import { tileIfThere } from './tiles.ts';

/**
 * What is wrong: `leaf` is not what was hashed; `tile` is missing or short; `checkpoint` is not of this tree, or not signed
 * by us; `history`: what receipts goes by is not what was recorded.
 */
export type LedgerFault =
  | { kind: 'leaf' | 'tile'; leaf: number }
  | { kind: 'checkpoint'; size: number }
  | { kind: 'history'; leaf: number; eventId: string };

export interface VerifyOptions {
  /** Null: nothing is signed. */
  signer: LedgerSigner | null;
  found: (fault: LedgerFault) => void;
  /** Called after each tile; what it returns is waited for. */
  verified: (leaves: number) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Goes through a ledger once, tile by tile: what each leaf says against its hash, the tree against everything that was
 * signed of it, and what receipts keeps of each event against what was recorded.
 *
 * @returns whether it came to the end.
 */
export async function verifyLedger(
  pool: Pool,
  tenantId: TenantId,
  { signer, found, verified, signal }: VerifyOptions,
): Promise<boolean> {
  const size = await sizeOf(pool, tenantId);
  const frontier = new Frontier();
  const verifiers = signer?.verifiersOf(tenantId) ?? null;
  let isTreeWhole = true;
  for (let first = 0; first < size && !signal.aborted; first += TILE_WIDTH) {
    const end = Math.min(first + TILE_WIDTH, size);
    const hashes = hashesIn((await tileIfThere(pool, tenantId, 0, first / TILE_WIDTH)) ?? new Uint8Array());
    const signed = await signedIn(pool, tenantId, first, end);
    const texts: string[] = [];
    for await (const { text } of leavesIn(pool, tenantId, first, end)) texts.push(text);
    for (let at = 0; at < end - first; at += 1) {
      const [leaf, hash, text] = [first + at, hashes[at], texts[at]];
      const own = text === undefined ? undefined : hashOfLeaf(entryOf(text));
      if (hash === undefined) found({ kind: 'tile', leaf });
      else if (own === undefined || !isSame(own, hash)) found({ kind: 'leaf', leaf });
      frontier.append(hash ?? own ?? new Uint8Array());
      const note = signed.get(leaf + 1);
      if (note === undefined || !isTreeWhole || isOfTree(note, frontier, verifiers)) continue;
      found({ kind: 'checkpoint', size: leaf + 1 });
      // Whatever was signed later is wrong, too.
      isTreeWhole = false;
    }
    for (const fault of await unlikeHistory(pool, first, texts)) found(fault);
    await verified(end - first);
  }
  return !signal.aborted;
}

/** What was signed of the tree at these sizes: `(first, end]`. */
async function signedIn(
  pool: Pool,
  tenantId: TenantId,
  first: number,
  end: number,
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ size: string; note: string }>({
    name: 'ledger/signed-in',
    text: 'select size, note from ledger_checkpoints where tenant_id = $1 and size > $2 and size <= $3',
    values: [tenantId, first, end],
  });
  return new Map(rows.map(({ size, note }) => [Number(size), note]));
}

/** @param verifiers null: nobody signs here. */
function isOfTree(note: string, frontier: Frontier, verifiers: readonly NoteVerifier[] | null): boolean {
  const opened = openNote(note, verifiers ?? []);
  const checkpoint = opened === null ? null : parseCheckpoint(opened.text);
  return (
    opened !== null &&
    checkpoint !== null &&
    (verifiers === null || opened.signedBy.length > 0) &&
    checkpoint.size === frontier.size &&
    isSame(checkpoint.root, frontier.root())
  );
}

/** Of some kinds of events receipts keeps nothing. */
async function unlikeHistory(pool: Pool, first: number, texts: readonly string[]): Promise<LedgerFault[]> {
  const recorded = texts.map((text, at) => ({ leaf: first + at, text, ...eventIn(text) }));
  const { rows } = await pool.query<{ event: SealedEvent }>({
    name: 'ledger/kept',
    text: 'select event from history where event_id = any($1::uuid[])',
    values: [recorded.map(({ event }) => event.id)],
  });
  const kept = new Map(rows.map(({ event }) => [event.id, event]));
  return recorded.flatMap(({ leaf, text, event, recordedAt }): LedgerFault[] => {
    const other = kept.get(event.id);
    if (other === undefined || leafOf(other, recordedAt) === text) return [];
    return [{ kind: 'history', leaf, eventId: event.id }];
  });
}
