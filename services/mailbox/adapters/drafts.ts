// SPDX-License-Identifier: Apache-2.0
import type { ContentRef, EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Graded } from '../domain/demands.ts';
import type { Reader } from './messages.ts';

/** An answer, or a letter, under way. It is graded where it is a letter that was an answer before, as what that answered. */
export interface Draft extends Graded {
  draftId: EmailId;
  tenantId: TenantId;
  person: Buffer;
  /** What it answers; null for a letter. */
  messageId: string | null;
  /** Its text; null where there is none yet. */
  said: ContentRef | null;
  /** How often its text was kept. */
  version: number;
  changedAt: Date;
}

const COLUMNS = `draft_id as "draftId", tenant_id as "tenantId", person, message_id as "messageId", said,
  version, changed_at as "changedAt", levels, demanded`;

/** Where somebody writes: what is answered, or null for a letter. */
export interface Place extends Reader {
  messageId: string | null;
}

export async function draftOf(pool: Pool, { tenantId, person, messageId }: Place): Promise<Draft | null> {
  const { rows } = await pool.query<Draft>(
    messageId === null
      ? {
          name: 'mailbox/draft-of-letter',
          text: `select ${COLUMNS} from drafts
            where message_id is null and tenant_id = $1 and person = $2 and not is_ending`,
          values: [tenantId, person],
        }
      : {
          name: 'mailbox/draft-of',
          text: `select ${COLUMNS} from drafts
            where message_id = $3 and tenant_id = $1 and person = $2 and not is_ending`,
          values: [tenantId, person, messageId],
        },
  );
  return rows[0] ?? null;
}

/** What somebody has begun to write, and written something of. */
export interface BegunDraft {
  /** What it answers; null for a letter. */
  messageId: string | null;
  /** Of that message. */
  conversationId: string | null;
  /** It can't be sent any more: what it answers has ended. */
  isLeft: boolean;
  changedAt: Date;
}

const IS_WRITTEN = `(said is not null
  or exists (select from draft_files where draft_files.draft_id = drafts.draft_id))`;

/** Those of this reader, the one changed last first. */
export async function begunDraftsOf(
  pool: Pool,
  { tenantId, person }: Reader,
  now: Date,
): Promise<BegunDraft[]> {
  const { rows } = await pool.query<BegunDraft>({
    name: 'mailbox/begun-drafts-of',
    text: `select message_id as "messageId", conversation_id as "conversationId", changed_at as "changedAt",
        coalesce(ends_at <= $3 or declined_at is not null or withdrawn_at is not null, false) as "isLeft"
      from drafts left join messages using (message_id, tenant_id, person)
      where tenant_id = $1 and person = $2 and not is_ending and ${IS_WRITTEN}
        and (message_id is null or conversation_id is not null)
      order by changed_at desc`,
    values: [tenantId, person, now],
  });
  return rows;
}

/** Whether this person has a letter under way, or something of an answer: it is kept for him to come back to. */
export async function isWriting(pool: Pool, { tenantId, person }: Reader): Promise<boolean> {
  const { rows } = await pool.query({
    name: 'mailbox/is-writing',
    text: `select from drafts
      where tenant_id = $1 and person = $2 and not is_ending and (message_id is null or ${IS_WRITTEN}) limit 1`,
    values: [tenantId, person],
  });
  return rows.length > 0;
}

/** Begins it; of two at once the first counts. */
export async function beginDraft(
  pool: Pool,
  draft: Omit<Draft, 'said' | 'version' | keyof Graded>,
): Promise<Draft> {
  await pool.query({
    name: 'mailbox/begin-draft',
    text: `insert into drafts (draft_id, tenant_id, person, message_id, said, changed_at)
      values ($1, $2, $3, $4, null, $5) on conflict do nothing`,
    values: [draft.draftId, draft.tenantId, draft.person, draft.messageId, draft.changedAt],
  });
  const begun = await draftOf(pool, draft);
  if (begun === null) throw new Error('a draft that was just begun is gone');
  return begun;
}

/** So many times the most of an answer may be put for it, and taken out again. */
const MOST_CHANGES = 10;
/** Of sending; whoever has not ended by then is gone. Milliseconds. */
const LONGEST_SENDING = 120_000;

/** A text, however much was put for it before. Octets. */
const LEFT_FOR_TEXT = 20_000_000;
/** Of whatever is put: there is a row for it, too. Octets. */
const LEAST = 4_096;

/**
 * What came of a change. `gone`: there is no such draft, or no such file of it; `busy`: it is being sent, or was when a process ended; `too-much`:
 * more was put for it than may be; `overtaken`: another page kept something since.
 */
export type Changed = 'kept' | 'too-much' | 'gone' | 'busy' | 'overtaken';

export const IS_OPEN = 'draft_id = $1 and not is_ending and (busy_until is null or busy_until < $2)';

/** Counts octets before they are put: what is refused lies nowhere. */
export async function reserve(
  pool: Pool,
  draftId: EmailId,
  { octets, as }: { octets: number; as: 'text' | 'file' },
  { maxBytes }: { maxBytes: number },
  at: Date,
): Promise<Changed> {
  const most = MOST_CHANGES * maxBytes + (as === 'text' ? LEFT_FOR_TEXT : 0);
  const { rowCount } = await pool.query({
    name: 'mailbox/reserve',
    text: `update drafts set put_octets = put_octets + $3::bigint where ${IS_OPEN} and put_octets + $3::bigint <= $4`,
    values: [draftId, at, Math.max(octets, LEAST), most],
  });
  return rowCount === 1 ? 'kept' : await whyNot(pool, draftId, at, 'too-much');
}

/** A tenth stays counted, for what came of it lies there until the vault is swept. */
const KEPT_OF_BROKEN = 10;

/** What was counted for a file of which not all came. */
export async function release(pool: Pool, draftId: EmailId, octets: number): Promise<void> {
  await pool.query({
    name: 'mailbox/release',
    text: 'update drafts set put_octets = put_octets - $2::bigint where draft_id = $1',
    values: [draftId, octets - Math.ceil(octets / KEPT_OF_BROKEN)],
  });
}

/** @param otherwise what it is where it is open. */
export async function whyNot<Otherwise extends Changed>(
  db: Pool | Transaction,
  draftId: EmailId,
  at: Date,
  otherwise: Otherwise,
): Promise<'gone' | 'busy' | Otherwise> {
  const { rows } = await db.query<{ isBusy: boolean }>({
    name: 'mailbox/why-not',
    text: `select coalesce(busy_until >= $2, false) as "isBusy" from drafts where draft_id = $1 and not is_ending`,
    values: [draftId, at],
  });
  const [draft] = rows;
  if (draft === undefined) return 'gone';
  return draft.isBusy ? 'busy' : otherwise;
}

/** Which page keeps it, and up to where it knows what others kept. */
export interface Writer {
  writer: string;
  seen: number;
}

/** Nobody who does not know of it kept something since: a program, of which nothing is known, or a page that has seen all. */
const isSeenBy = (writer: string, seen: string) =>
  `(${writer}::uuid is null or writer = ${writer} or version = ${seen})`;

/** @param by of a page; of a program, which knows nothing of others, null. */
export async function keepText(
  pool: Pool,
  draftId: EmailId,
  said: ContentRef,
  by: Writer | null,
  at: Date,
): Promise<Changed> {
  const { rowCount } = await pool.query({
    name: 'mailbox/keep-text',
    text: `update drafts set said = $3, changed_at = $2, version = version + 1, writer = $4
      where ${IS_OPEN} and ${isSeenBy('$4', '$5')}`,
    values: [draftId, at, JSON.stringify(said), by?.writer ?? null, by?.seen ?? null],
  });
  return rowCount === 1 ? 'kept' : await whyNot(pool, draftId, at, 'overtaken');
}

/** Of an answer; there is one of each person. @param graded as what it answered, with all that was demanded of its reader. */
export async function makeLetter(
  pool: Pool,
  draftId: EmailId,
  { levels, demanded }: Graded,
  at: Date,
): Promise<Changed | 'taken'> {
  const { rowCount } = await pool.query({
    name: 'mailbox/make-letter',
    text: `update drafts set message_id = null, changed_at = $2, levels = $3, demanded = $4 where ${IS_OPEN} and not exists (
      select from drafts as other where other.message_id is null and not other.is_ending
        and other.tenant_id = drafts.tenant_id and other.person = drafts.person)`,
    values: [draftId, at, levels, demanded],
  });
  if (rowCount === 1) return 'kept';
  const why = await whyNot(pool, draftId, at, 'overtaken');
  return why === 'overtaken' ? 'taken' : why;
}

/** Whoever takes it sends it: nothing of it changes then, and nobody else sends it. @param by as in {@link keepText} */
export async function takeDraft(pool: Pool, draftId: EmailId, by: Writer | null, at: Date): Promise<Changed> {
  const { rowCount } = await pool.query({
    name: 'mailbox/take-draft',
    text: `update drafts set busy_until = $3 where ${IS_OPEN} and ${isSeenBy('$4', '$5')}`,
    values: [draftId, at, new Date(at.getTime() + LONGEST_SENDING), by?.writer ?? null, by?.seen ?? null],
  });
  return rowCount === 1 ? 'kept' : await whyNot(pool, draftId, at, 'overtaken');
}

export async function letGo(pool: Pool, draftId: EmailId): Promise<void> {
  await pool.query('update drafts set busy_until = null where draft_id = $1', [draftId]);
}

/** That it is to be erased: until it is, that is found again. */
export async function beginEnding(pool: Pool, draftId: EmailId, at: Date): Promise<Changed> {
  const { rowCount } = await pool.query({
    name: 'mailbox/begin-ending',
    text: `update drafts set is_ending = true where ${IS_OPEN}`,
    values: [draftId, at],
  });
  return rowCount === 1 ? 'kept' : await whyNot(pool, draftId, at, 'gone');
}

/** As {@link beginEnding}, where nothing was put into it since it was this. @returns whether it was so. */
export async function beginEndingEmpty(pool: Pool, { draftId, version }: Draft, at: Date): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'mailbox/begin-ending-empty',
    text: `update drafts set is_ending = true where ${IS_OPEN} and version = $3
      and not exists (select from draft_files where draft_files.draft_id = drafts.draft_id)`,
    values: [draftId, at, version],
  });
  return rowCount === 1;
}

/** Once: of two who end it one is told that he did. */
export async function endDraft(db: Pool | Transaction, draftId: EmailId): Promise<boolean> {
  const { rowCount } = await db.query('delete from drafts where draft_id = $1', [draftId]);
  return rowCount === 1;
}

/** Those that nobody has changed since, and those whose end was begun. */
export async function oldDrafts(pool: Pool, before: Date, now: Date): Promise<EmailId[]> {
  await pool.query(
    `update drafts set is_ending = true
      where changed_at < $1 and not is_ending and (busy_until is null or busy_until < $2)`,
    [before, now],
  );
  const { rows } = await pool.query<{ draftId: EmailId }>(
    'select draft_id as "draftId" from drafts where is_ending limit 100',
  );
  return rows.map(({ draftId }) => draftId);
}
