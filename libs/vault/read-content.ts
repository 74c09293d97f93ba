// SPDX-License-Identifier: Apache-2.0
import type { ContentId, EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { DataKeyRow } from './data-keys.ts';

interface Row extends DataKeyRow {
  /** How many chunks the content has; null where there is no such finished content. */
  chunks: number | null;
  index: number | null;
  data: Buffer | null;
}

export interface Page {
  key: DataKeyRow;
  chunks: number | null;
  data: Map<number, Buffer>;
}

/**
 * Some chunks of a content from `from` on, in one round trip with the email's data key, which may be destroyed at
 * any moment. @returns null where the vault knows nothing of the email.
 */
export async function readPage(
  pool: Pool,
  emailId: EmailId,
  contentId: ContentId,
  from: number,
  count: number,
): Promise<Page | null> {
  const { rows } = await pool.query<Row>({
    name: 'vault/read',
    text: `select k.tenant_id, k.kek_id, k.wrapped, c.chunks, d.index, d.data
      from data_keys k
      left join contents c on c.content_id = $2 and c.email_id = k.email_id and c.finished_at is not null
      left join chunks d on d.content_id = c.content_id and d.index >= $3::int and d.index < $3::int + $4::int
      where k.email_id = $1`,
    values: [emailId, contentId, from, count],
  });
  const first = rows[0];
  if (first === undefined) return null;
  const data = new Map<number, Buffer>();
  for (const row of rows) if (row.index !== null && row.data !== null) data.set(row.index, row.data);
  return { key: first, chunks: first.chunks, data };
}
