// SPDX-License-Identifier: Apache-2.0
import type { ContentRef, EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Graded } from '../domain/demands.ts';
import type { Reader } from './messages.ts';

/** What somebody answered, or wrote first. */
export interface StoredReply extends Graded {
  replyId: EmailId;
  tenantId: TenantId;
  person: Buffer;
  /** What it answers; null for a letter. */
  messageId: string | null;
  conversationId: string;
  /** What its writer sees of it; see `Said`. */
  said: ContentRef;
  submittedAt: Date;
  endsAt: Date;
}

const COLUMNS = `reply_id as "replyId", tenant_id as "tenantId", person, message_id as "messageId",
  conversation_id as "conversationId", said, submitted_at as "submittedAt", ends_at as "endsAt",
  levels, demanded`;

export async function addReply(tx: Transaction, reply: StoredReply): Promise<void> {
  await tx.query({
    name: 'mailbox/add-reply',
    text: `insert into replies (reply_id, tenant_id, person, message_id, conversation_id, said, submitted_at, ends_at,
        levels, demanded)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      reply.replyId,
      reply.tenantId,
      reply.person,
      reply.messageId,
      reply.conversationId,
      JSON.stringify(reply.said),
      reply.submittedAt,
      reply.endsAt,
      reply.levels,
      reply.demanded,
    ],
  });
}

export async function replyOf(
  pool: Pool,
  { tenantId, person }: Reader,
  replyId: string,
): Promise<StoredReply | null> {
  const { rows } = await pool.query<StoredReply>({
    name: 'mailbox/reply-of',
    text: `select ${COLUMNS} from replies where reply_id = $1 and tenant_id = $2 and person = $3`,
    values: [replyId, tenantId, person],
  });
  return rows[0] ?? null;
}

/** What the reader answered in a conversation and can still see, the oldest first. */
export async function repliesIn(
  pool: Pool,
  { tenantId, person }: Reader,
  conversationId: string,
  now: Date,
): Promise<StoredReply[]> {
  const { rows } = await pool.query<StoredReply>({
    name: 'mailbox/replies-in',
    text: `select ${COLUMNS} from replies
      where conversation_id = $1 and tenant_id = $2 and person = $3 and ends_at > $4 order by submitted_at, reply_id`,
    values: [conversationId, tenantId, person, now],
  });
  return rows;
}

export async function newestReplyOf(
  pool: Pool,
  { tenantId, person }: Reader,
  now: Date,
): Promise<StoredReply | null> {
  const { rows } = await pool.query<StoredReply>({
    name: 'mailbox/newest-reply-of',
    text: `select ${COLUMNS} from replies
      where tenant_id = $1 and person = $2 and ends_at > $3 order by submitted_at desc limit 1`,
    values: [tenantId, person, now],
  });
  return rows[0] ?? null;
}

export async function countReplies(pool: Pool, { tenantId, person }: Reader, since: Date): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'mailbox/count-replies',
    text: `select count(*)::int as count from replies where tenant_id = $1 and person = $2 and submitted_at > $3`,
    values: [tenantId, person, since],
  });
  return rows[0]?.count ?? 0;
}

export async function forgetReplies(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from replies where ends_at < $1', [before]);
}
