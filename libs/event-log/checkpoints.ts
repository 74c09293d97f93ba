// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint, Pool } from '@securemail/event-store';

export interface SavedCheckpoint {
  checkpoint: Checkpoint;
  /** What the reader keeps beside it. */
  extra: Record<string, unknown>;
}

export async function loadCheckpoint(pool: Pool, reader: string): Promise<SavedCheckpoint | null> {
  const { rows } = await pool.query<Checkpoint & { extra: Record<string, unknown> }>(
    'select epoch, txid, position, extra from checkpoints where reader = $1',
    [reader],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { extra, ...checkpoint } = row;
  return { checkpoint, extra };
}

async function saveCheckpoint(
  pool: Pool,
  reader: string,
  { epoch, txid, position }: Checkpoint,
  extra: Record<string, unknown> = {},
): Promise<void> {
  await pool.query(
    `insert into checkpoints (reader, epoch, txid, position, extra) values ($1, $2, $3, $4, $5)
     on conflict (reader) do update set epoch = $2, txid = $3, position = $4, extra = $5, saved_at = now()`,
    [reader, epoch, txid, position, JSON.stringify(extra)],
  );
}

/** A checkpoint in memory that is at most this old in the table, milliseconds. */
const SAVE_EVERY_MS = 250;

/**
 * Saves a reader's checkpoints, not each of them: one that is lost with the process makes the next one begin a little
 * earlier, and inboxes make that harmless.
 */
export function checkpointSaver(pool: Pool, reader: string) {
  let unsaved: { checkpoint: Checkpoint; extra: Record<string, unknown> } | undefined;
  let savedAt = 0;
  const flush = async () => {
    if (unsaved === undefined) return;
    const { checkpoint, extra } = unsaved;
    await saveCheckpoint(pool, reader, checkpoint, extra);
    unsaved = undefined;
    savedAt = performance.now();
  };
  return {
    /** The reader came so far. */
    async reached(checkpoint: Checkpoint, extra: Record<string, unknown> = {}): Promise<void> {
      unsaved = { checkpoint, extra };
      await this.catchUp();
    },
    /** Saves what has waited long enough; to be called now and then. */
    async catchUp(): Promise<void> {
      if (performance.now() - savedAt >= SAVE_EVERY_MS) await flush();
    },
    /** Saves what was not saved yet; to be called in the end. */
    flush,
  };
}

/** Forgets how far a reader came: it begins again, and inboxes make that harmless. */
export async function forgetCheckpoint(pool: Pool, reader: string): Promise<void> {
  await pool.query('delete from checkpoints where reader = $1', [reader]);
}
