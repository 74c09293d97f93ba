// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type EmailId, type TenantId } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { inTransaction, whoeverElseAppends, type Transaction } from '@securemail/event-store';
import type { Platform } from '@securemail/service';
import { ATTRIBUTE, count, currentTraceparent, METRIC } from '@securemail/telemetry';
import { historyOf, lockEmails } from '../adapters/projection.ts';
import type { DigestOf } from '../console/adapters/find-keys.ts';
import { findableBy } from '../console/domain/sought.ts';
import { emailOf } from '../domain/fold.ts';
import { endOf, type NotEnded } from './domain/end.ts';
import { forgetDigests, noteReadable, standingOf } from './adapters/ended-emails.ts';
import { holdOn, nobodyPlacesOne, type LegalHold } from './adapters/legal-holds.ts';

const A_DAY = 24 * 3_600_000;

export type Erasing = Pick<Platform, 'pool' | 'store' | 'vault'> & { digestOf: DigestOf };

/** Who has an email erased, whenever it ended. */
export interface Requester {
  by: string;
  reason: string;
  /** An API key, or the session of a person; null: at the command line. */
  keyId: string | null;
}

/** It is erased by itself where it ended before that time. */
export interface Retained {
  endedBefore: Date;
  /** So long who wrote in SecureMailBox reads there what he wrote. Days. */
  writtenDays: number;
}

/** Why it is to be erased: its time is over, or a person wants it. */
export type Why = Retained | Requester;

export type Erased =
  | { outcome: 'erased'; erasedAt: string }
  /** It was before; its key is destroyed once more, as a vault that was restored has it again. */
  | { outcome: 'erased-before'; erasedAt: string }
  | { outcome: 'erasable' }
  | { outcome: 'not-found' }
  | ({ outcome: 'not-ended' } & NotEnded)
  | { outcome: 'legal-hold'; hold: LegalHold };

/**
 * Destroys the key of an email: its content is gone, and its events name nobody any more. Where a legal hold covers it, or
 * something is still waited for, nothing is done.
 *
 * @param isDryRun whether it is only to be said what would be done.
 */
export async function eraseEmail(
  erasing: Erasing,
  { tenantId, emailId }: { tenantId: TenantId; emailId: EmailId },
  why: Why,
  { now, isDryRun = false }: { now: Date; isDryRun?: boolean },
): Promise<Erased> {
  const { pool, store, vault } = erasing;
  const erased = await whoeverElseAppends(() =>
    inTransaction(pool, async (tx): Promise<Erased> => {
      await nobodyPlacesOne(tx, tenantId);
      // As the projection does: nothing is heard of the email meanwhile.
      await lockEmails(tx, [emailId]);
      const found = await lookAt(tx, erasing, { tenantId, emailId }, why, now);
      if (found.outcome !== 'erasable') return found;
      // Of its own stream: what is heard of it comes a moment later than it is said.
      const before = (await store.readStream(tx, emailId)).findLast(({ name }) => name === 'ContentErased');
      // First: what is said to be gone is gone. Where that is not said then, it is done once more, and said.
      if (!isDryRun) await vault.erase(emailId);
      const forget = () =>
        forgetDigests(tx, { tenantId, emailId, acceptedAt: found.acceptedAt }, found.digests);
      if (before !== undefined) {
        // As a backup has them again, with the key: without it nothing says which they were, and all would be looked through.
        if (!isDryRun && found.digests !== null) await forget();
        return { outcome: 'erased-before', erasedAt: before.time };
      }
      if (isDryRun) return { outcome: 'erasable' };
      const requestId = 'by' in why ? await noteRequest(tx, store, { tenantId, emailId }, why) : null;
      const [appended] = await store.append(
        tx,
        { emailId, tenantId },
        'any',
        [
          {
            name: 'ContentErased',
            data: { because: requestId === null ? 'retention' : 'request', requestId },
            personal: null,
          },
        ],
        { traceparent: currentTraceparent() },
      );
      await forget();
      return { outcome: 'erased', erasedAt: appended?.time ?? now.toISOString() };
    }),
  );
  if (erased.outcome === 'not-ended' && erased.until !== null)
    await noteReadable(pool, emailId, erased.until);
  if (erased.outcome === 'erased') {
    signalAppended('receipts');
    count(METRIC.emailsErased, { [ATTRIBUTE.reason]: 'by' in why ? 'request' : 'retention' });
  }
  return erased;
}

/** Digests are null where nothing says any more by what the email was found: its key is gone already. */
type Found =
  | { outcome: 'erasable'; acceptedAt: string; digests: readonly Buffer[] | null }
  | Extract<Erased, { outcome: 'not-found' | 'not-ended' | 'legal-hold' }>;

async function lookAt(
  tx: Transaction,
  { store, digestOf }: Erasing,
  { tenantId, emailId }: { tenantId: TenantId; emailId: EmailId },
  why: Why,
  now: Date,
): Promise<Found> {
  const standing = await standingOf(tx, tenantId, emailId);
  const sealed = await historyOf(tx, emailId, tenantId);
  const events = await Promise.all(sealed.map((event) => store.open(event)));
  const email = emailOf(events);
  if (standing === null || email === null) return { outcome: 'not-found' };
  // Not by its traces: they name nobody.
  const naming = findableBy(events, []);
  const digests = await Promise.all(naming.map((sought) => digestOf(tenantId, sought)));
  const hold = await holdOn(tx, tenantId, emailId, digests);
  if (hold !== null) return { outcome: 'legal-hold', hold };
  if (standing.awaitsDigest) return { outcome: 'not-ended', waitsFor: 'receipt', until: null };
  const end = endOf(email, standing.nobodyToTell, now);
  if ('waitsFor' in end) return { outcome: 'not-ended', ...end };
  if ('endedBefore' in why) {
    const isWritten = events.some(({ name, data }) => name === 'EmailAccepted' && data.channel === 'mailbox');
    const readable = isWritten ? Date.parse(email.acceptedAt) + why.writtenDays * A_DAY : 0;
    const endedAt = Math.max(Date.parse(end.endedAt), readable);
    if (endedAt >= why.endedBefore.getTime())
      return { outcome: 'not-ended', waitsFor: 'reading', until: new Date(endedAt).toISOString() };
  }
  const isNamed = !events.some(({ name, erased }) => name === 'EmailAccepted' && erased);
  return { outcome: 'erasable', acceptedAt: email.acceptedAt, digests: isNamed ? digests : null };
}

/** @returns the stream of this act: what names the person must not go with the email. */
async function noteRequest(
  tx: Transaction,
  store: Platform['store'],
  { tenantId, emailId }: { tenantId: TenantId; emailId: EmailId },
  { by, reason, keyId }: Requester,
): Promise<EmailId> {
  const requestId = newEmailId();
  await store.append(
    tx,
    { emailId: requestId, tenantId },
    0,
    [
      {
        name: 'ErasureRequested',
        data: { requested: { emailId }, keyId },
        personal: { by, reason },
      },
    ],
    { traceparent: currentTraceparent() },
  );
  return requestId;
}
