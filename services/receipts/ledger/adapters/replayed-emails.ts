// SPDX-License-Identifier: Apache-2.0
import type { EmailId, SealedEvent, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { sealedIn } from './readable.ts';

export interface Recorded {
  emailId: EmailId;
  /** In the order of the ledger; what is no event any more is not among them. */
  events: readonly SealedEvent[];
  /** The leaves of those that are. */
  leaves: readonly number[];
  /** The leaves that are no events any more. */
  unreadable: readonly number[];
}

interface Gathered extends Recorded {
  events: SealedEvent[];
  leaves: number[];
  unreadable: number[];
}

/** Leaves at once: what is in memory, beside one email whole. */
const PAGE = 2_000;

/**
 * Every email that the ledger has something of, with all that was recorded of it until then; email by email, so that no
 * more than a page is in memory.
 */
export async function* recordedEmails(
  pool: Pool,
  tenantId: TenantId,
  until: Date | null,
  only: readonly EmailId[] | null,
): AsyncGenerator<Recorded, void, undefined> {
  let at: { emailId: string; leaf: string } = { emailId: '00000000-0000-0000-0000-000000000000', leaf: '-1' };
  let gathered: Gathered | null = null;
  for (;;) {
    const { rows } = await pool.query<{ email_id: EmailId; leaf: string; content: string }>({
      name: 'ledger/by-email',
      text: `select email_id, leaf, content from ledger_leaves
        where (email_id, leaf) > ($1::uuid, $2::bigint) and tenant_id = $3
          and ($4::timestamptz is null or recorded_at < $4) and ($5::uuid[] is null or email_id = any($5))
        order by email_id, leaf limit $6`,
      values: [at.emailId, at.leaf, tenantId, until, only, PAGE],
    });
    for (const { email_id: emailId, leaf, content } of rows) {
      if (gathered !== null && gathered.emailId !== emailId) {
        yield gathered;
        gathered = null;
      }
      gathered ??= { emailId, events: [], leaves: [], unreadable: [] };
      const read = sealedIn(content);
      if (read === null) gathered.unreadable.push(Number(leaf));
      else {
        gathered.events.push(read.event);
        gathered.leaves.push(Number(leaf));
      }
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    at = { emailId: last.email_id, leaf: last.leaf };
  }
  if (gathered !== null) yield gathered;
}
