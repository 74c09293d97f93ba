// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Reader } from './messages.ts';

type Asking = Pick<Pool, 'query'> | Pick<Transaction, 'query'>;

/** A Message-ID may name who wrote it, and nobody needs to read it here. */
const keyOf = ({ person }: Reader, messageId: string): Buffer =>
  createHash('sha256').update(person).update(messageId).digest();

/** The conversation of this person that a mail goes on with, by what it answers, the nearest first; null: it begins one. */
export async function conversationOf(
  db: Asking,
  reader: Reader,
  answered: readonly string[],
): Promise<string | null> {
  if (answered.length === 0) return null;
  const keys = answered.map((each) => keyOf(reader, each));
  const { rows } = await db.query<{ id: string }>({
    name: 'mailbox/conversation-of',
    text: `select conversation_id as id from conversation_keys
      where tenant_id = $1 and person = $2 and key = any($3::bytea[]) order by array_position($3::bytea[], key) limit 1`,
    values: [reader.tenantId, reader.person, keys],
  });
  return rows[0]?.id ?? null;
}

/** What answers this Message-ID belongs to the conversation, until then. */
export async function noteConversation(
  tx: Transaction,
  reader: Reader,
  { messageId, conversationId, endsAt }: { messageId: string; conversationId: string; endsAt: Date },
): Promise<void> {
  await tx.query({
    name: 'mailbox/note-conversation',
    text: `insert into conversation_keys (tenant_id, person, key, conversation_id, ends_at)
      values ($1, $2, $3, $4, $5) on conflict do nothing`,
    values: [reader.tenantId, reader.person, keyOf(reader, messageId), conversationId, endsAt],
  });
}

export async function forgetConversations(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from conversation_keys where ends_at < $1', [before]);
}
