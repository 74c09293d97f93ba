// SPDX-License-Identifier: Apache-2.0
import type { ContentRef, EmailId } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import { IS_OPEN, whyNot, type Changed, type Draft } from './drafts.ts';

/** A file of a draft, or what has come of one. */
export interface DraftFile {
  fileId: string;
  /** What it is called (see `withHead`), and then its octets. */
  parts: ContentRef[];
  /** Octets that it has, without what it is called. */
  size: number;
  /** Octets that have come. */
  received: number;
  /** When something of it came last. */
  touchedAt: Date;
  /** What the scanner said of it; null: nothing yet, or there is none. */
  verdict: 'clean' | 'harmful' | 'unscannable' | null;
  /** How often the scanner could not be asked. */
  failedChecks: number;
}

export const isWhole = ({ size, received }: Pick<DraftFile, 'size' | 'received'>): boolean =>
  received === size;

const COLUMNS = `file_id as "fileId", parts, size, received, touched_at as "touchedAt", verdict,
  failed_checks as "failedChecks"`;
type Row = Omit<DraftFile, 'size' | 'received'> & { size: string; received: string };
const fileIn = (row: Row): DraftFile => ({ ...row, size: Number(row.size), received: Number(row.received) });

export async function filesOf(pool: Pool, draftId: EmailId): Promise<DraftFile[]> {
  const { rows } = await pool.query<Row>({
    name: 'mailbox/files-of-draft',
    text: `select ${COLUMNS} from draft_files where draft_id = $1 order by added_at, file_id`,
    values: [draftId],
  });
  return rows.map(fileIn);
}

export async function fileOf(pool: Pool, draftId: EmailId, fileId: string): Promise<DraftFile | null> {
  const { rows } = await pool.query<Row>({
    name: 'mailbox/file-of-draft',
    text: `select ${COLUMNS} from draft_files where draft_id = $1 and file_id = $2`,
    values: [draftId, fileId],
  });
  return rows[0] === undefined ? null : fileIn(rows[0]);
}

export interface FileLimits {
  maxFiles: number;
  /** Of all files of a draft, octets. */
  maxBytes: number;
  /** Of all files of all drafts of a person, octets. */
  maxBytesOfPerson: number;
}

/** Why nothing of a draft can be changed. */
export type Closed = 'gone' | 'busy';

/**
 * Begins a file of which nothing has come yet; all that is to come is counted.
 *
 * @returns `overtaken` where it was begun before.
 */
export async function beginFile(
  pool: Pool,
  { draftId, tenantId, person }: Pick<Draft, 'draftId' | 'tenantId' | 'person'>,
  { fileId, parts, size }: Pick<DraftFile, 'fileId' | 'parts' | 'size'>,
  { maxFiles, maxBytes, maxBytesOfPerson }: FileLimits,
  at: Date,
): Promise<Changed> {
  return await inTransaction(pool, async (tx) => {
    // One after the other: each counts those before.
    await tx.query(
      'select from drafts where tenant_id = $1 and person = $2 and not is_ending order by draft_id for update',
      [tenantId, person],
    );
    const closed = await touch(tx, draftId, at);
    if (closed !== null) return closed;
    const { rowCount } = await tx.query(
      `insert into draft_files (file_id, draft_id, parts, size, received, added_at, touched_at)
        select $2, $1, $3, $4::bigint, 0, $5, $5
        from drafts d left join draft_files f using (draft_id)
        where d.tenant_id = $8 and d.person = $9 and not d.is_ending
        having count(f.file_id) filter (where d.draft_id = $1) < $6
          and coalesce(sum(f.size) filter (where d.draft_id = $1), 0) + $4::bigint <= $7
          and coalesce(sum(f.size), 0) + $4::bigint <= $10
        on conflict do nothing`,
      [
        draftId,
        fileId,
        JSON.stringify(parts),
        size,
        at,
        maxFiles,
        maxBytes,
        tenantId,
        person,
        maxBytesOfPerson,
      ],
    );
    if (rowCount === 1) return 'kept';
    return (await isThere(tx, draftId, fileId)) ? 'overtaken' : 'too-much';
  });
}

/**
 * Notes what has come of a file.
 *
 * @param from how much had come before, by which whoever else adds to it at the same time is found out.
 * @returns `overtaken` where more has come meanwhile.
 */
export async function noteReceived(
  pool: Pool,
  draftId: EmailId,
  { fileId, parts, received }: Pick<DraftFile, 'fileId' | 'parts' | 'received'>,
  from: number,
  at: Date,
): Promise<Changed> {
  return await inTransaction(pool, async (tx) => {
    const closed = await touch(tx, draftId, at);
    if (closed !== null) return closed;
    const { rowCount } = await tx.query({
      name: 'mailbox/note-received',
      text: `update draft_files set parts = $3, received = $4, touched_at = $6
        where draft_id = $1 and file_id = $2 and received = $5 and verdict is null`,
      values: [draftId, fileId, JSON.stringify(parts), received, from, at],
    });
    if (rowCount === 1) return 'kept';
    return (await isThere(tx, draftId, fileId)) ? 'overtaken' : 'gone';
  });
}

/** Takes a file out. @returns it, for what it had is still to be removed; null where it was taken out before. */
export async function removeFile(
  pool: Pool,
  draftId: EmailId,
  fileId: string,
  at: Date,
): Promise<DraftFile | Closed | null> {
  return await inTransaction(pool, async (tx) => {
    const closed = await touch(tx, draftId, at);
    if (closed !== null) return closed;
    const { rows } = await tx.query<Row>(
      `delete from draft_files where draft_id = $1 and file_id = $2 returning ${COLUMNS}`,
      [draftId, fileId],
    );
    return rows[0] === undefined ? null : fileIn(rows[0]);
  });
}

/** Takes out the files that are not whole and of which nothing has come for long, a hundred of them. */
export async function removeBroken(pool: Pool, before: Date): Promise<(DraftFile & { draftId: EmailId })[]> {
  const { rows } = await pool.query<Row & { draftId: EmailId }>(
    `delete from draft_files where file_id in (
        select file_id from draft_files where received < size and touched_at < $1 limit 100 for update skip locked
      ) returning draft_id as "draftId", ${COLUMNS}`,
    [before],
  );
  return rows.map((row) => ({ ...fileIn(row), draftId: row.draftId }));
}

async function isThere(tx: Transaction, draftId: EmailId, fileId: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from draft_files where draft_id = $1 and file_id = $2', [
    draftId,
    fileId,
  ]);
  return rowCount === 1;
}

/**
 * The next whole file that nobody has checked, or checks; whoever gets it has this long for it. New ones come first: what
 * can never be checked keeps nothing else from it.
 */
export async function nextToCheck(
  pool: Pool,
  now: Date,
  until: Date,
): Promise<(DraftFile & { draftId: EmailId }) | null> {
  const { rows } = await pool.query<Row & { draftId: EmailId }>({
    name: 'mailbox/next-to-check',
    text: `update draft_files set checked_until = $2 where file_id in (
        select file_id from draft_files
        where received = size and verdict is null and (checked_until is null or checked_until <= $1)
        order by checked_until nulls first, added_at limit 1 for update skip locked
      ) returning draft_id as "draftId", ${COLUMNS}`,
    values: [now, until],
  });
  return rows[0] === undefined ? null : { ...fileIn(rows[0]), draftId: rows[0].draftId };
}

/**
 * @param parts those that were looked into: another file may be called so by now.
 * @param stays what stays of it.
 * @returns whether it is still there, and nobody said it before.
 */
export async function noteVerdict(
  pool: Pool,
  { fileId, parts }: Pick<DraftFile, 'fileId' | 'parts'>,
  verdict: NonNullable<DraftFile['verdict']>,
  stays: readonly ContentRef[],
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'mailbox/note-verdict',
    text: `update draft_files set verdict = $2, parts = $3
      where file_id = $1 and parts = $4::jsonb and received = size and verdict is null`,
    values: [fileId, verdict, JSON.stringify(stays), JSON.stringify(parts)],
  });
  return rowCount === 1;
}

/** The scanner could not be asked; it is, again, then. */
export async function noteFailedCheck(pool: Pool, fileId: string, again: Date): Promise<void> {
  await pool.query({
    name: 'mailbox/note-failed-check',
    text: 'update draft_files set failed_checks = failed_checks + 1, checked_until = $2 where file_id = $1',
    values: [fileId, again],
  });
}

/** A draft that is written is not forgotten. @returns null where it is open. */
async function touch(tx: Transaction, draftId: EmailId, at: Date): Promise<Closed | null> {
  const { rowCount } = await tx.query({
    name: 'mailbox/touch-draft',
    text: `update drafts set changed_at = $2 where ${IS_OPEN}`,
    values: [draftId, at],
  });
  return rowCount === 1 ? null : await whyNot(tx, draftId, at, 'gone');
}
