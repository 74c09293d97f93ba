// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { traceparentOf } from '../../adapters/acceptance-trace.ts';
import { isAwaited } from '../../adapters/awaited.ts';

export interface EndedEmail {
  emailId: EmailId;
  settledAt: Date;
  traceparent: string | null;
}

/** Nothing is waited for, it is not erased, and no legal hold covers it; who erases one asks again. */
const MAY_BE_ERASED = `e.tenant_id = $1 and e.erased_at is null and e.settled_at is not null
  and not (${isAwaited('e')})
  and not exists (select from digest_entries d where d.email_id = e.email_id)
  and not exists (select from legal_holds l where l.tenant_id = e.tenant_id and l.lifted_at is null
    and (l.covers = 'everything' or l.email_id = e.email_id
      or exists (select from found_by f where f.tenant_id = e.tenant_id and f.digest = l.digest
        and f.accepted_at = e.accepted_at and f.email_id = e.email_id)))`;
const BEFORE = `e.settled_at < $2 and (e.readable_until is null or e.readable_until < $2)`;

/** Emails that ended before a time, as far as can be seen without a look at their history; oldest first. */
export async function endedBefore(
  pool: Pool,
  tenantId: TenantId,
  before: Date,
  { after, limit }: { after: EndedEmail | null; limit: number },
): Promise<EndedEmail[]> {
  const { rows } = await pool.query<EndedEmail>({
    name: 'receipts/ended-before',
    text: `select e.email_id as "emailId", e.settled_at as "settledAt", ${traceparentOf('e')} as traceparent
      from emails e
      where ${MAY_BE_ERASED} and ${BEFORE}
        and ($3::timestamptz is null or (e.settled_at, e.email_id) > ($3, $4::uuid))
      order by e.settled_at, e.email_id limit $5`,
    values: [tenantId, before, after?.settledAt ?? null, after?.emailId ?? null, limit],
  });
  return rows;
}

/** How many there are; at most `limit` are counted. */
export async function countEndedBefore(
  pool: Pool,
  tenantId: TenantId,
  before: Date,
  limit: number,
): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from
      (select from emails e where ${MAY_BE_ERASED} and ${BEFORE} limit $3) as found`,
    [tenantId, before, limit],
  );
  return rows[0]?.count ?? 0;
}

/** Whether its sender can't be told any more, and whether it is to stand in a digest; null where there is no such email. */
export async function standingOf(
  tx: Transaction,
  tenantId: TenantId,
  emailId: EmailId,
): Promise<{ nobodyToTell: boolean; awaitsDigest: boolean } | null> {
  const { rows } = await tx.query<{ nobodyToTell: boolean; awaitsDigest: boolean }>({
    name: 'receipts/standing-of',
    text: `select nobody_to_tell as "nobodyToTell",
        exists (select from digest_entries d where d.email_id = e.email_id) as "awaitsDigest"
      from emails e where tenant_id = $1 and email_id = $2`,
    values: [tenantId, emailId],
  });
  return rows[0] ?? null;
}

export async function noteReadable(pool: Pool, emailId: EmailId, until: string): Promise<void> {
  await pool.query('update emails set readable_until = $2 where email_id = $1', [emailId, until]);
}

/** It is found by none of these any more; null: by nothing, for which all that anything is found by is looked through. */
export async function forgetDigests(
  tx: Transaction,
  { tenantId, emailId, acceptedAt }: { tenantId: TenantId; emailId: EmailId; acceptedAt: string },
  digests: readonly Buffer[] | null,
): Promise<void> {
  const of = 'delete from found_by where tenant_id = $1 and accepted_at = $2 and email_id = $3';
  // Two statements: one for both would never go by the index.
  await (digests === null
    ? tx.query(of, [tenantId, acceptedAt, emailId])
    : tx.query({
        name: 'receipts/forget-digests',
        text: `${of} and digest = any($4::bytea[])`,
        values: [tenantId, acceptedAt, emailId, digests],
      }));
}
