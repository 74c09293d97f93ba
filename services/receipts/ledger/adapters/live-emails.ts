// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { EmailState } from '../../domain/email.ts';
import { TOLD_OF_EMAILS } from '../../domain/kept.ts';
import type { ProjectedEmail } from '../../domain/projected.ts';
import type { Stage } from '../../domain/stages.ts';

interface Row {
  emailId: EmailId;
  state: EmailState;
  deadlineAt: Date;
  settledAt: Date | null;
  receiptIssued: boolean;
  newsSince: Date | null;
  underWaySince: Date | null;
  promised: boolean;
  deadlineMissed: boolean;
  stage: Stage | null;
  stageSince: Date | null;
  erasedAt: Date | null;
}

const textOf = (at: Date | null): string | null => at?.toISOString() ?? null;

/** What the console and the API go by. */
export async function liveEmails(
  pool: Pool,
  tenantId: TenantId,
  emailIds: readonly EmailId[],
): Promise<ReadonlyMap<EmailId, ProjectedEmail>> {
  const { rows } = await pool.query<Row>({
    name: 'ledger/live',
    text: `select email_id as "emailId", state, deadline_at as "deadlineAt", settled_at as "settledAt",
        receipt_issued as "receiptIssued", news_since as "newsSince", under_way_since as "underWaySince", promised,
        deadline_missed as "deadlineMissed", stage, stage_since as "stageSince", erased_at as "erasedAt"
      from emails where tenant_id = $1 and email_id = any($2::uuid[])`,
    values: [tenantId, emailIds],
  });
  return new Map(
    rows.map(({ emailId, stage, stageSince, ...row }) => [
      emailId,
      {
        ...row,
        deadlineAt: row.deadlineAt.toISOString(),
        settledAt: textOf(row.settledAt),
        newsSince: textOf(row.newsSince),
        underWaySince: textOf(row.underWaySince),
        erasedAt: textOf(row.erasedAt),
        stage: stage === null ? null : { stage, since: textOf(stageSince) ?? '' },
      },
    ]),
  );
}

/** The ids of the events that the timelines of these emails are made of. */
export async function keptEvents(
  pool: Pool,
  tenantId: TenantId,
  emailIds: readonly EmailId[],
): Promise<ReadonlyMap<EmailId, readonly string[]>> {
  const { rows } = await pool.query<{ emailId: EmailId; ids: string[] }>({
    name: 'ledger/kept-events',
    text: `select email_id as "emailId", array_agg(event_id::text) as ids from history
      where tenant_id = $1 and email_id = any($2::uuid[]) and name = any($3::text[]) group by email_id`,
    values: [tenantId, emailIds, TOLD_OF_EMAILS],
  });
  return new Map(rows.map(({ emailId, ids }) => [emailId, ids]));
}

/** What is shown, and the ledger has nothing of; so many at a time. */
export async function* unrecorded(
  pool: Pool,
  tenantId: TenantId,
  page: number,
): AsyncGenerator<EmailId, void, undefined> {
  for (let after: string | undefined = '00000000-0000-0000-0000-000000000000'; after !== undefined;) {
    const { rows }: { rows: { emailId: EmailId }[] } = await pool.query<{ emailId: EmailId }>(
      `select email_id as "emailId" from emails e where tenant_id = $1 and email_id > $2::uuid
        and not exists (select from ledger_leaves l where l.email_id = e.email_id) order by email_id limit $3`,
      [tenantId, after, page],
    );
    yield* rows.map(({ emailId }) => emailId);
    after = rows.at(-1)?.emailId;
  }
}

/** How many events are shown that the ledger does not have; no more than `limit` are counted. */
export async function unrecordedEvents(pool: Pool, tenantId: TenantId, limit: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from (select from history h where tenant_id = $1
      and not exists (select from ledger_leaves l where l.event_id = h.event_id) limit $2) as found`,
    [tenantId, limit],
  );
  return rows[0]?.count ?? 0;
}
