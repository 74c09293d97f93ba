// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type EmailId, type TenantId } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { inTransaction, type EventStore } from '@securemail/event-store';
import { currentTraceparent } from '@securemail/telemetry';
import { historyOf } from '../adapters/projection.ts';
import type { DigestOf } from '../console/adapters/find-keys.ts';
import type { Sought } from '../console/domain/sought.ts';
import { findHold, keepHold, lifting, nobodyErases, type LegalHold } from './adapters/legal-holds.ts';
import type { Erasing, Requester } from './erase-email.ts';

/** What a legal hold covers: one email, all from or to somebody, or everything of the organisation; also what is yet to come. */
export type Covered = { emailId: EmailId } | { sought: Sought } | 'everything';

type Holding = Pick<Erasing, 'pool' | 'store'> & { digestOf: DigestOf };

/** From then on nothing that it covers is erased. @returns null where there is no such email. */
export async function placeHold(
  { pool, store, digestOf }: Holding,
  tenantId: TenantId,
  covered: Covered,
  { by, reason, keyId }: Requester,
  now: Date,
): Promise<LegalHold | null> {
  const [emailId, sought] =
    covered === 'everything'
      ? [null, null]
      : 'emailId' in covered
        ? [covered.emailId, null]
        : [null, covered.sought];
  if (emailId !== null && (await historyOf(pool, emailId, tenantId)).length === 0) return null;
  const covers =
    emailId !== null
      ? 'email'
      : sought === null
        ? 'everything'
        : sought.by === 'domain'
          ? 'domain'
          : 'address';
  const holdId = newEmailId();
  const hold = { holdId, covers, emailId, placedAt: now } as const;
  const digest = sought === null ? null : await digestOf(tenantId, sought);
  await inTransaction(pool, async (tx) => {
    await nobodyErases(tx, tenantId);
    await store.append(
      tx,
      { emailId: holdId, tenantId },
      0,
      [
        {
          name: 'LegalHoldPlaced',
          data: { covers, heldEmailId: emailId, keyId },
          personal: { by, reason, sought: sought?.text ?? null },
        },
      ],
      { traceparent: currentTraceparent() },
    );
    await keepHold(tx, tenantId, { ...hold, digest });
  });
  signalAppended('receipts');
  return { ...hold, liftedAt: null };
}

/** @returns the hold, and whether it was lifted now; null where there is none. */
export async function liftHold(
  { pool, store }: Pick<Holding, 'pool' | 'store'>,
  tenantId: TenantId,
  holdId: EmailId,
  { by, reason, keyId }: Requester,
  now: Date,
): Promise<{ hold: LegalHold; isLiftedNow: boolean } | null> {
  const appended = await store.append(
    pool,
    { emailId: holdId, tenantId },
    'any',
    [{ name: 'LegalHoldLifted', data: { keyId }, personal: { by, reason } }],
    { traceparent: currentTraceparent(), when: lifting(tenantId, holdId, now) },
  );
  if (appended.length > 0) signalAppended('receipts');
  const hold = await findHold(pool, tenantId, holdId);
  return hold && { hold, isLiftedNow: appended.length > 0 };
}

/** Who placed it, why, and for whom. */
export async function wordsOf(
  { pool, store }: { pool: Erasing['pool']; store: EventStore },
  holdId: EmailId,
): Promise<{ by: string | null; reason: string | null; sought: string | null }> {
  const events = await store.readStream(pool, holdId);
  const placed = events.find((event) => event.name === 'LegalHoldPlaced');
  const { by = null, reason = null, sought = null } = placed?.personal ?? {};
  return { by, reason, sought };
}
