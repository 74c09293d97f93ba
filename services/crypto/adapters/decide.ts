// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, NewEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { ConcurrencyError, inTransaction } from '@securemail/event-store';
import type { Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { holdingOf, type Holding, type Refusal } from '../domain/holding.ts';
import { forgetHeld, noteLeft, type HeldEmail } from './held-emails.ts';

type Decision = NewEvent<'EmailReleased'> | NewEvent<'ReleaseRefused'> | NewEvent<'EmailRejected'>;

/** Something else happened to the email at the same moment. */
export interface Overtaken {
  refused: 'overtaken';
  /** What somebody else decided; null where it was an earlier release that was done. */
  by: DomainEvent<'EmailReleased'> | DomainEvent<'EmailRejected'> | null;
}

/**
 * Decides about a held email by its stream, appends what was decided, and notes who is left; all of it or nothing.
 *
 * @param decide null: there is nothing to decide. What it reads is as late as the stream, or later: were it later, something
 *   was appended, too, and this is overtaken.
 */
export async function decideAbout<D extends Decision>(
  { emailId, tenantId }: Pick<HeldEmail, 'emailId' | 'tenantId'>,
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  decide: (holding: Holding) => D | Refusal | null | Promise<D | Refusal | null>,
): Promise<D | Refusal | Overtaken | null> {
  const stream = await store.readStream(pool, emailId);
  const holding = holdingOf(stream);
  const decision = await decide(holding);
  if (decision === null || 'refused' in decision) return decision;
  const left = new Map(holding.held);
  if (decision.name !== 'ReleaseRefused') for (const id of decision.data.recipientIds) left.delete(id);
  try {
    await inTransaction(pool, async (tx) => {
      // What follows belongs to the email's trace, and not to the request of who decides.
      const traceparent = stream[0]?.traceparent ?? currentTraceparent();
      await store.append(tx, { emailId, tenantId }, holding.sequence, [decision], { traceparent });
      // A release needs what is known of the email until it is done.
      if (left.size > 0 || decision.name === 'EmailReleased' || holding.releasing > 0)
        await noteLeft(tx, emailId, left);
      else await forgetHeld(tx, emailId);
    });
  } catch (error) {
    if (!(error instanceof ConcurrencyError)) throw error;
    const since = (await store.readStream(pool, emailId)).slice(holding.sequence);
    // What a guard refused meanwhile has changed nothing.
    if (since.length > 0 && since.every(({ name }) => name === 'ReleaseRefused'))
      return decideAbout({ emailId, tenantId }, { pool, store }, decide);
    const by = since.findLast((event) => event.name === 'EmailReleased' || event.name === 'EmailRejected');
    return { refused: 'overtaken', by: by ?? null };
  }
  signalAppended('crypto');
  return decision;
}
