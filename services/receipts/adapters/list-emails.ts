// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { EmailState } from '../domain/email.ts';
import type { Stage } from '../domain/stages.ts';
import { isAwaited } from './awaited.ts';

export interface ListedEmail {
  emailId: EmailId;
  acceptedAt: Date;
  /** Its place in the order of the list. */
  at: Date;
}

export interface EmailFilter {
  tenantId: TenantId;
  /** `unfinished`: something is still waited for, whatever state that is. */
  state: EmailState | 'unfinished' | null;
  /** Only what waits for this; the order is by how long it does, and not by acceptance. */
  stage: Stage | null;
  /** Only what is found by this (`openFindKeys`). */
  digest: Buffer | null;
  since: Date | null;
  until: Date | null;
  /** Only what comes after this one, in the order that is asked for. */
  after: Pick<ListedEmail, 'at' | 'emailId'> | null;
  /** Else newest first. */
  isOldestFirst: boolean;
  limit: number;
}

/** So many of what is found are looked at one by one, without a thought. */
const FEW = 2_000;

export async function listEmails(pool: Pool, filter: EmailFilter): Promise<ListedEmail[]> {
  const { digest, state, stage } = filter;
  if (stage !== null) return list(pool, filter, await whatWaits(pool, filter));
  if (digest === null) {
    const isOfState = state === 'unfinished' ? unfinished('emails') : '($2::text is null or state = $2)';
    return list(pool, filter, `emails where ($8::bytea is null) and ${isOfState}`);
  }
  if (state === null) return list(pool, filter, 'found_by where digest = $8::bytea and $2::text is null');
  // The planner takes two columns that say the same for two that say something each, expects one row, and reads everything.
  // So it is told where to begin; `offset 0` keeps it from turning that round.
  return list(
    pool,
    filter,
    // Most emails are sent: of these the next ones are near. Other states are rare, or were what happened last.
    state === 'sent' || !(await areMany(pool, filter))
      ? `found_by cross join lateral (
           select from emails e where e.email_id = found_by.email_id and ${ofState('e', state)} offset 0
         ) of_state where digest = $8::bytea`
      : `${FOUND_EMAILS} where ${ofState('emails', state)}`,
  );
}

/** Who is sought is looked for among the emails, one after the other. */
const FOUND_EMAILS = `emails cross join lateral (
  select from found_by f where f.tenant_id = emails.tenant_id and f.digest = $8::bytea
    and f.accepted_at = emails.accepted_at and f.email_id = emails.email_id offset 0
) found`;

async function whatWaits(pool: Pool, filter: EmailFilter): Promise<string> {
  const waits = (table: string) =>
    `${table}.stage = $9 and ${isAwaited(table)} and ($2::text is null or $2 = 'unfinished' or ${table}.state = $2)`;
  if (filter.digest === null) return `emails where $8::bytea is null and ${waits('emails')}`;
  if (await areMany(pool, filter)) return `${FOUND_EMAILS} where ${waits('emails')}`;
  // Of who is found seldom each is looked at, however many wait.
  return `(select f.tenant_id, f.email_id, f.accepted_at, of_stage.stage_since
      from found_by f cross join lateral (
        select e.stage_since from emails e where e.email_id = f.email_id and ${waits('e')} offset 0
      ) of_stage where f.tenant_id = $1 and f.digest = $8::bytea) found where true`;
}

const ofState = (table: string, state: NonNullable<EmailFilter['state']>): string =>
  state === 'unfinished' ? unfinished(table) : `${table}.state = $2::text`;
/** What waits for nothing has no stage: few have one, and an index of their own. */
const unfinished = (table: string): string => `${isAwaited(table)} and $2::text is not null`;

async function list(pool: Pool, filter: EmailFilter, from: string): Promise<ListedEmail[]> {
  const [follows, order] = filter.isOldestFirst ? ['>', 'asc'] : ['<', 'desc'];
  const at = filter.stage === null ? 'accepted_at' : 'stage_since';
  const { rows } = await pool.query<ListedEmail>(
    `select email_id as "emailId", accepted_at as "acceptedAt", ${at} as at from ${from} and tenant_id = $1
       and ($3::timestamptz is null or accepted_at >= $3) and ($4::timestamptz is null or accepted_at < $4)
       and ($5::timestamptz is null or (${at}, email_id) ${follows} ($5, $6::uuid))
     order by ${at} ${order}, email_id ${order} limit $7`,
    [
      filter.tenantId,
      filter.state,
      filter.since,
      filter.until,
      filter.after?.at ?? null,
      filter.after?.emailId ?? null,
      filter.limit,
      filter.digest,
      ...(filter.stage === null ? [] : [filter.stage]),
    ],
  );
  return rows;
}

async function areMany(pool: Pool, { tenantId, digest }: EmailFilter): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'receipts/many-are-found',
    text: 'select from found_by where tenant_id = $1 and digest = $2 offset $3 limit 1',
    values: [tenantId, digest, FEW],
  });
  return rowCount === 1;
}

/** What was erased is found by this no more. */
export async function forgetFound(
  pool: Pool,
  tenantId: TenantId,
  digest: Buffer,
  emails: readonly Pick<ListedEmail, 'emailId' | 'acceptedAt'>[],
): Promise<void> {
  if (emails.length === 0) return;
  await pool.query({
    name: 'receipts/forget-found',
    text: `delete from found_by using unnest($3::timestamptz[], $4::uuid[]) as gone (accepted_at, email_id)
      where found_by.tenant_id = $1 and found_by.digest = $2
        and found_by.accepted_at = gone.accepted_at and found_by.email_id = gone.email_id`,
    values: [
      tenantId,
      digest,
      emails.map(({ acceptedAt }) => acceptedAt),
      emails.map(({ emailId }) => emailId),
    ],
  });
}
