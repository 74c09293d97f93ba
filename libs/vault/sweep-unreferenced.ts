// SPDX-License-Identifier: Apache-2.0
import type { ContentId, EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { UnreferencedSweep } from './vault.ts';

/** Contents that are looked at in one go. */
const PART = 500;

interface OldContent {
  contentId: ContentId;
  emailId: EmailId;
  /** As text: a Date is of milliseconds, the database's times are finer, and the next look begins behind this one. */
  storedAt: string;
}

/** See `Vault.sweepUnreferenced`. Only once all of a part is dealt with, the search is moved on behind it. */
export async function sweepUnreferenced(
  pool: Pool,
  erase: (emailId: EmailId) => Promise<void>,
  { olderThanMs, areKnown }: UnreferencedSweep,
): Promise<{ looked: number; erased: number }> {
  const contents = await nextPart(pool, olderThanMs);
  const last = contents.at(-1);
  if (last === undefined) return { looked: 0, erased: 0 };
  const emailIds = [...new Set(contents.map(({ emailId }) => emailId))];
  const known = await areKnown(emailIds);
  const abandoned = await withoutOthers(
    pool,
    emailIds.filter((emailId) => !known.has(emailId)),
  );
  for (const emailId of abandoned) await erase(emailId);
  await pool.query(
    'update unreferenced_search set stored_at = $1, content_id = $2 where (stored_at, content_id) < ($1, $2)',
    [last.storedAt, last.contentId],
  );
  return { looked: contents.length, erased: abandoned.length };
}

async function nextPart(pool: Pool, olderThanMs: number): Promise<OldContent[]> {
  const { rows } = await pool.query<OldContent>({
    name: 'vault/next-of-unreferenced-search',
    text: `select content_id as "contentId", email_id as "emailId", stored_at::text as "storedAt" from contents
      where finished_at is not null and stored_at < now() - $1 * interval '1 millisecond'
        and (stored_at, content_id) > (select stored_at, content_id from unreferenced_search)
      order by stored_at, content_id limit $2`,
    values: [olderThanMs, PART],
  });
  return rows;
}

/**
 * Those who have one content and never had more. Of an email with several, somebody made the others of the first, or
 * removed them.
 */
async function withoutOthers(pool: Pool, emailIds: readonly EmailId[]): Promise<EmailId[]> {
  if (emailIds.length === 0) return [];
  const { rows } = await pool.query<{ emailId: EmailId }>(
    `select email_id as "emailId" from contents join data_keys using (email_id)
      where email_id = any($1) and not has_removed group by email_id having count(*) = 1`,
    [emailIds],
  );
  return rows.map(({ emailId }) => emailId);
}
