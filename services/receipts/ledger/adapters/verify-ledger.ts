// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import {
  entryOf,
  eventIn,
  Frontier,
  hashesIn,
  hashOfLeaf,
  isSame,
  openNote,
  parseCheckpoint,
  TILE_WIDTH,
  type Hash,
  type NoteVerifier,
} from '@securemail/ledger';
import type { LedgerSigner } from './ledger-signer.ts';
import { sizeOf } from './read-ledger.ts';
import { inventedEmails } from './invented.ts';
import type { Reached } from './reached.ts';
import { tileIfThere } from './tiles.ts';
import { UpperTiles, type UpperFault } from './upper-tiles.ts';
import { unlikeHistory, type Recorded } from './unlike-history.ts';

/**
 * What is wrong: `leaf` is not what was hashed, or is found as another event than it is; `tile` is missing or short, or (of a level
 * above the leaves) not what follows from those below;
 * `checkpoint` is not of this tree, not signed by us, or of leaves that are not there any more; `history`: what receipts goes by
 * is not what was recorded, lacks it, or (of no leaf) was never recorded.
 */
export type LedgerFault =
  | { kind: 'leaf' | 'tile'; leaf: number }
  | UpperFault
  | { kind: 'checkpoint'; size: number }
  | { kind: 'history'; leaf: number | null; eventId: string };

export interface VerifyOptions {
  /** Null: nothing is signed. */
  signer: LedgerSigner | null;
  found: (fault: LedgerFault) => void;
  /** Called after each tile; what it returns is waited for. */
  verified: (leaves: number) => Promise<void>;
  /** Called after so many events that receipts keeps were looked for in the ledger; what it returns is waited for. */
  looked: (events: number) => Promise<void>;
  signal: AbortSignal;
  /** How far the ledger and receipts are with what was appended. Asked after each tile. */
  reached: () => Promise<Reached>;
  /** So much later than that it may be judged what is missing. Milliseconds. */
  heardWithinMs?: number;
}

/**
 * Goes through a ledger once, tile by tile: what each leaf says against its hash, the tree against everything that was
 * signed of it, and what receipts keeps of each event against what was recorded; then whether receipts keeps emails of which
 * nothing was.
 *
 * @returns whether it came to the end.
 */
export async function verifyLedger(
  pool: Pool,
  tenantId: TenantId,
  { signer, found, verified, looked, signal, reached, heardWithinMs = 600_000 }: VerifyOptions,
): Promise<boolean> {
  const size = await sizeOf(pool, tenantId);
  const frontier = new Frontier();
  const upper = new UpperTiles(pool, tenantId, found);
  const verifiers = signer?.verifiersOf(tenantId) ?? null;
  const settled = async () => {
    const { recorded, heard } = await reached();
    const since = (until: Date | null) => new Date(until === null ? 0 : until.getTime() - heardWithinMs);
    return { recorded: since(recorded), heard: since(heard) };
  };
  let isTreeWhole = true;
  for (let first = 0; first < size && !signal.aborted; first += TILE_WIDTH) {
    const end = Math.min(first + TILE_WIDTH, size);
    const hashes = hashesIn((await tileIfThere(pool, tenantId, 0, first / TILE_WIDTH)) ?? new Uint8Array());
    const signed = await signedIn(pool, tenantId, first, end);
    const rows = await rowsIn(pool, tenantId, first, end);
    const readable: Recorded[] = [];
    const tile: Hash[] = [];
    for (let leaf = first; leaf < end; leaf += 1) {
      const [hash, row] = [hashes[leaf - first], rows.get(leaf)];
      const own = row === undefined ? undefined : hashOfLeaf(entryOf(row.text));
      const recorded = row === undefined ? null : recordedIn(row);
      if (hash === undefined) found({ kind: 'tile', leaf });
      else if (own === undefined || recorded === null || !isSame(own, hash)) found({ kind: 'leaf', leaf });
      if (recorded !== null) readable.push({ ...recorded, leaf });
      const known = hash ?? own ?? new Uint8Array();
      frontier.append(known);
      tile.push(known);
      const note = signed.get(leaf + 1);
      if (note === undefined || !isTreeWhole || isOfTree(note, frontier, verifiers)) continue;
      found({ kind: 'checkpoint', size: leaf + 1 });
      // Whatever was signed later is wrong, too.
      isTreeWhole = false;
    }
    if (tile.length === TILE_WIDTH) await upper.append(tile);
    for (const fault of await unlikeHistory(pool, readable, await settled())) found(fault);
    await verified(end - first);
  }
  const { recorded: recordedBefore } = await settled();
  for await (const { looked: rows, eventIds } of inventedEmails(pool, tenantId, recordedBefore)) {
    if (signal.aborted) break;
    for (const eventId of eventIds) found({ kind: 'history', leaf: null, eventId });
    await looked(rows);
  }
  if (signal.aborted) return false;
  await upper.end();
  for (const beyond of await signedBeyond(pool, tenantId)) found({ kind: 'checkpoint', size: beyond });
  return true;
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

/** What was signed and is not there any more. */
async function signedBeyond(pool: Pool, tenantId: TenantId): Promise<number[]> {
  // In one look: the ledger grows meanwhile, and is signed.
  const { rows } = await pool.query<{ size: string }>({
    name: 'ledger/signed-beyond',
    text: `select size from ledger_checkpoints where tenant_id = $1
      and size > coalesce((select size from ledgers where tenant_id = $1), 0) order by size`,
    values: [tenantId],
  });
  return rows.map(({ size }) => Number(size));
}

interface Row {
  text: string;
  eventId: string;
  emailId: string;
  recordedAt: Date;
}

async function rowsIn(
  pool: Pool,
  tenantId: TenantId,
  first: number,
  end: number,
): Promise<ReadonlyMap<number, Row>> {
  const { rows } = await pool.query<Row & { leaf: string }>({
    name: 'ledger/rows',
    text: `select leaf, content as text, event_id as "eventId", email_id as "emailId", recorded_at as "recordedAt"
      from ledger_leaves where tenant_id = $1 and leaf >= $2 and leaf < $3`,
    values: [tenantId, first, end],
  });
  return new Map(rows.map((row) => [Number(row.leaf), row]));
}

/** Null where the leaf is no event, or stands in the ledger as another one than it is: what it is found by is in no hash. */
function recordedIn({ text, eventId, emailId, recordedAt }: Row): Omit<Recorded, 'leaf'> | null {
  try {
    const read = eventIn(text);
    const { event } = read;
    const isFoundAsItIs =
      event.id === eventId && event.emailId === emailId && read.recordedAt.getTime() === recordedAt.getTime();
    return isFoundAsItIs ? { text, ...read } : null;
  } catch {
    return null;
  }
}
