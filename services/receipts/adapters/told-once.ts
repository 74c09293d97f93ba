// SPDX-License-Identifier: Apache-2.0
import type { NewEvent, SealedEvent } from '@securemail/contracts';
import { ConcurrencyError, inTransaction, type Transaction } from '@securemail/event-store';
import { signalAppended } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { currentTraceparent, reached } from '@securemail/telemetry';
import type { Owed } from './projection.ts';

/**
 * Appends what was decided to be told, unless something was told that was not known of then: by another replica, or so
 * shortly before that it is not projected yet.
 *
 * @param known what was known of the email.
 * @param also done in the same transaction.
 * @returns whether it was appended here and now: true once for each thing that is to be told.
 */
export async function toldOnce(
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  { emailId, tenantId }: Owed,
  known: readonly Pick<SealedEvent, 'source' | 'sequence'>[],
  events: readonly NewEvent[],
  also?: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  const toldBefore = Math.max(
    0,
    ...known.filter(({ source }) => source === 'receipts').map(({ sequence }) => sequence),
  );
  const append = async (executor: Transaction | typeof pool) =>
    store.append(executor, { emailId, tenantId }, toldBefore, events, { traceparent: currentTraceparent() });
  try {
    if (also === undefined) await append(pool);
    else
      await inTransaction(pool, async (tx) => {
        await append(tx);
        await also(tx);
      });
    signalAppended('receipts');
    reached('receipts:receipt-issued');
    return true;
  } catch (error) {
    if (!(error instanceof ConcurrencyError)) throw error;
    return false;
  }
}
