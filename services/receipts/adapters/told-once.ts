// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, NewEvent } from '@securemail/contracts';
import { ConcurrencyError, inTransaction, type Transaction } from '@securemail/event-store';
import { signalAppended } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { currentTraceparent, reached } from '@securemail/telemetry';
import type { Owed } from './projection.ts';

/**
 * Appends unless another replica was first, or what the first event says was said already.
 *
 * @param also done in the same transaction.
 * @returns whether it was appended here and now: true once for each thing that is to be told.
 */
export async function toldOnce(
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  { emailId, tenantId }: Owed,
  events: readonly [NewEvent, ...NewEvent[]],
  also?: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  try {
    const stream = await store.readStream(pool, emailId);
    if (stream.some((former) => saysTheSame(former, events[0]))) return false;
    const append = async (executor: Transaction | typeof pool) =>
      store.append(executor, { emailId, tenantId }, stream.length, events, {
        traceparent: currentTraceparent(),
      });
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

/** A receipt about the same decisions, as late a reminder; any receipt, where it only says that it takes long; or the same. */
function saysTheSame(former: DomainEvent, event: NewEvent): boolean {
  if (former.name !== 'ReceiptIssued' || event.name !== 'ReceiptIssued') return former.name === event.name;
  if (event.data.kind === 'interim') return true;
  return (
    (former.data.kind === 'final' || former.data.kind === 'reminder') &&
    former.data.decisions >= event.data.decisions &&
    former.data.reminder >= event.data.reminder
  );
}
