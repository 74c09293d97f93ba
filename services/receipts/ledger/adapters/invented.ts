// SPDX-License-Identifier: Apache-2.0
import type { EventId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** Rows at once: each is looked for in the ledger. */
const PAGE = 1_000;

interface Row {
  eventId: EventId;
  isInvented: boolean;
}

/**
 * Events that receipts goes by, of emails of which the ledger has nothing at all; of those of which it has something
 * {@link unlikeHistory} tells.
 *
 * @param before what is not older than that may be on its way into the ledger still. What has no time was never on its way.
 * @returns page by page, with how many events were looked at, of whichever organisation.
 */
export async function* inventedEmails(
  pool: Pool,
  tenantId: TenantId,
  before: Date,
): AsyncGenerator<{ looked: number; eventIds: EventId[] }, void, undefined> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await pool.query<Row>({
      name: 'ledger/invented',
      // By the key alone, so that a page takes as long wherever events of other organisations lie. Times compare as texts.
      text: `select event_id as "eventId",
          tenant_id = $1 and not exists (select from ledger_leaves l where l.event_id = h.event_id)
            and not exists (select from ledger_leaves l where l.email_id = h.email_id)
            and coalesce(event->>'time', '') < $2 as "isInvented"
        from (select * from history where event_id > $3::uuid order by event_id limit $4) as h order by event_id`,
      values: [tenantId, before.toISOString(), after, PAGE],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield {
      looked: rows.length,
      eventIds: rows.filter(({ isInvented }) => isInvented).map(({ eventId }) => eventId),
    };
    after = last.eventId;
  }
}
