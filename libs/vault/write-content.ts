// SPDX-License-Identifier: Apache-2.0
import type { ContentId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Owner } from './data-keys.ts';

export interface SealedChunk {
  index: number;
  data: Buffer;
}

/** What a content is once its last chunk is there. */
export interface Finish {
  chunks: number;
  size: number;
}

interface Beginning {
  contentId: ContentId;
  owner: Owner;
  now: Date;
  first: SealedChunk;
  /** Null where more chunks follow. */
  finish: Finish | null;
}

const INSERT_CONTENT = `
  content as (
    insert into contents (content_id, email_id, begun_at, finished_at, chunks, size)
    select $3::uuid, email_id, $4, case when $5::int is not null then $4::timestamptz end, $5::int, $6::bigint from key
    returning content_id
  )
  insert into chunks (content_id, index, data) select content_id, $7::int, $8::bytea from content`;

const valuesOf = ({ contentId, owner, now, first, finish }: Beginning) => [
  owner.emailId,
  owner.tenantId,
  contentId,
  now,
  finish?.chunks ?? null,
  finish?.size ?? null,
  first.index,
  first.data,
];

/** Begins a content of an email that has no data key yet, together with that key. @returns false where it has one. */
export async function beginWithNewKey(
  pool: Pool,
  beginning: Beginning,
  key: { wrapped: Buffer; kekId: string },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'vault/begin-with-new-key',
    text: `with key as (
        insert into data_keys (email_id, tenant_id, kek_id, wrapped) values ($1, $2, $9, $10)
        on conflict do nothing returning email_id
      ), ${INSERT_CONTENT}`,
    values: [...valuesOf(beginning), key.kekId, key.wrapped],
  });
  return rowCount === 1;
}

/** Begins a content under the email's data key. @returns false where that was destroyed, or is another tenant's. */
export async function begin(pool: Pool, beginning: Beginning): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'vault/begin',
    text: `with key as (
        select email_id from data_keys where email_id = $1 and tenant_id = $2 and wrapped is not null for share
      ), ${INSERT_CONTENT}`,
    values: valuesOf(beginning),
  });
  return rowCount === 1;
}

/**
 * Adds chunks to a content, and finishes it with the last of them. Every call is a transaction of its own: one that
 * stayed open while a slow sender sends would hold up all readers of events.
 *
 * @returns false where the content is gone: erased or swept meanwhile.
 */
export async function addChunks(
  pool: Pool,
  { contentId, owner, now }: { contentId: ContentId; owner: Owner; now: Date },
  chunks: readonly SealedChunk[],
  finish: Finish | null,
): Promise<boolean> {
  const rows = chunks.map((_, n) => `($${2 * n + 6}::int, $${2 * n + 7}::bytea)`).join(', ');
  const { rowCount } = await pool.query({
    name: `vault/add-${chunks.length}`,
    text: `with key as (
        select email_id from data_keys where email_id = $1 and wrapped is not null for share
      ), content as (
        update contents c set finished_at = case when $4::int is not null then $3::timestamptz end, stored_at = now(), chunks = $4, size = $5::bigint
        from key where c.content_id = $2 and c.email_id = key.email_id and c.finished_at is null
        returning c.content_id
      )
      insert into chunks (content_id, index, data)
      select content.content_id, chunk.index, chunk.data from content, (values ${rows}) as chunk (index, data)`,
    values: [
      owner.emailId,
      contentId,
      now,
      finish?.chunks ?? null,
      finish?.size ?? null,
      ...chunks.flatMap(({ index, data }) => [index, data]),
    ],
  });
  return rowCount === chunks.length;
}

/** Removes what a failed put left. Nobody can see it, and a sweep would get it later. */
export async function discard(pool: Pool, contentId: ContentId): Promise<void> {
  await pool.query('delete from contents where content_id = $1 and finished_at is null', [contentId]);
}
