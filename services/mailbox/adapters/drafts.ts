// SPDX-License-Identifier: Apache-2.0
import type { ContentRef, EmailId, TenantId } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import type { Reader } from './messages.ts';

/** An answer under way. */
export interface Draft {
  draftId: EmailId;
  tenantId: TenantId;
  person: Buffer;
  /** What it answers. */
  messageId: string;
  /** Its text; null where there is none yet. */
  said: ContentRef | null;
  changedAt: Date;
}

export interface DraftFile {
  fileId: string;
  content: ContentRef;
  /** Octets, without what it is called. */
  size: number;
}

const COLUMNS = `draft_id as "draftId", tenant_id as "tenantId", person, message_id as "messageId", said,
  changed_at as "changedAt"`;

export async function draftOf(
  pool: Pool,
  { tenantId, person }: Reader,
  messageId: string,
): Promise<Draft | null> {
  const { rows } = await pool.query<Draft>({
    name: 'mailbox/draft-of',
    text: `select ${COLUMNS} from drafts where message_id = $1 and tenant_id = $2 and person = $3`,
    values: [messageId, tenantId, person],
  });
  return rows[0] ?? null;
}

/** Begins it; of two at once the first counts. */
export async function beginDraft(pool: Pool, draft: Draft): Promise<Draft> {
  await pool.query({
    name: 'mailbox/begin-draft',
    text: `insert into drafts (draft_id, tenant_id, person, message_id, said, changed_at)
      values ($1, $2, $3, $4, null, $5) on conflict do nothing`,
    values: [draft.draftId, draft.tenantId, draft.person, draft.messageId, draft.changedAt],
  });
  const begun = await draftOf(pool, draft, draft.messageId);
  if (begun === null) throw new Error('a draft that was just begun is gone');
  return begun;
}

/** So many times the most of an answer may be put for it, and taken out again. */
const MOST_CHANGES = 10;

/** What came of a change: `gone`: there is no such draft; `too-much`: more was put for it than may be. */
export type Changed = 'kept' | 'too-much' | 'gone';

export async function keepText(
  pool: Pool,
  draftId: EmailId,
  said: ContentRef,
  { maxBytes }: { maxBytes: number },
  at: Date,
): Promise<Changed> {
  return await inTransaction(pool, async (tx) => {
    const noted = await notePut(tx, draftId, said.size, maxBytes, at);
    if (noted === 'kept')
      await tx.query('update drafts set said = $2 where draft_id = $1', [draftId, JSON.stringify(said)]);
    return noted;
  });
}

/** One change after the other: each counts those before. */
async function notePut(
  tx: Transaction,
  draftId: EmailId,
  octets: number,
  maxBytes: number,
  at: Date,
): Promise<Changed> {
  const { rows } = await tx.query<{ octets: string }>({
    name: 'mailbox/note-put',
    text: `update drafts set put_octets = put_octets + $2, changed_at = $3 where draft_id = $1
      returning put_octets as octets`,
    values: [draftId, octets, at],
  });
  const [row] = rows;
  if (row === undefined) return 'gone';
  return Number(row.octets) > MOST_CHANGES * maxBytes ? 'too-much' : 'kept';
}

export async function filesOf(pool: Pool, draftId: EmailId): Promise<DraftFile[]> {
  const { rows } = await pool.query<Omit<DraftFile, 'size'> & { size: string }>({
    name: 'mailbox/files-of-draft',
    text: `select file_id as "fileId", content, size from draft_files where draft_id = $1 order by added_at, file_id`,
    values: [draftId],
  });
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

export async function addFile(
  pool: Pool,
  draftId: EmailId,
  { fileId, content, size }: DraftFile,
  { maxFiles, maxBytes }: { maxFiles: number; maxBytes: number },
  at: Date,
): Promise<Changed> {
  return await inTransaction(pool, async (tx) => {
    const noted = await notePut(tx, draftId, size, maxBytes, at);
    if (noted !== 'kept') return noted;
    const { rowCount } = await tx.query(
      `insert into draft_files (file_id, draft_id, content, size, added_at)
        select $2, $1, $3, $4::bigint, $5 from draft_files where draft_id = $1
        having count(*) < $6 and coalesce(sum(size), 0) + $4::bigint <= $7`,
      [draftId, fileId, JSON.stringify(content), size, at, maxFiles, maxBytes],
    );
    return rowCount === 1 ? 'kept' : 'too-much';
  });
}

export async function removeFile(pool: Pool, draftId: EmailId, fileId: string): Promise<void> {
  await pool.query('delete from draft_files where draft_id = $1 and file_id = $2', [draftId, fileId]);
}

/** Once: of two who end it one is told that he did. */
export async function endDraft(db: Pool | Transaction, draftId: EmailId): Promise<boolean> {
  const { rowCount } = await db.query('delete from drafts where draft_id = $1', [draftId]);
  return rowCount === 1;
}

/** Those that nobody has changed since. */
export async function oldDrafts(pool: Pool, before: Date): Promise<EmailId[]> {
  const { rows } = await pool.query<{ draftId: EmailId }>(
    'select draft_id as "draftId" from drafts where changed_at < $1 limit 100',
    [before],
  );
  return rows.map(({ draftId }) => draftId);
}
