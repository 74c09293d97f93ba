// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Reader } from './messages.ts';

/** A conversation as far as its reader can read it now. */
export interface StoredConversation {
  conversationId: string;
  lastAt: Date;
  /** When the last that was written in it can be read no more. */
  endsAt: Date;
  unread: number;
  /** The last that was written to him; null: nothing that he can still read. */
  messageId: string | null;
  /** The first that he wrote; null: nothing that he can still read. */
  replyId: EmailId | null;
  /** What it may be named by: the letter that began it; null where none did, or it ended. */
  letterId: EmailId | null;
  /** And the first that were written to him. */
  firstIds: string[];
}

export interface ConversationPlace {
  lastAt: string;
  conversationId: string;
}

/** Those after them are not looked into for a name. */
const NAMED_BY_ONE_OF = 3;

/** Those of the reader, the one in which was written last first. */
export async function conversationsOf(
  pool: Pool,
  { tenantId, person }: Reader,
  { now, limit, after }: { now: Date; limit: number; after: ConversationPlace | null },
): Promise<StoredConversation[]> {
  const { rows } = await pool.query<StoredConversation>({
    name: 'mailbox/conversations-of',
    text: `select conversation_id as "conversationId", max(at) as "lastAt", max(ends_at) as "endsAt",
        count(*) filter (where is_unread)::int as unread,
        (array_agg(message_id order by at desc) filter (where message_id is not null))[1] as "messageId",
        (array_agg(reply_id order by at) filter (where reply_id is not null))[1] as "replyId",
        (array_agg(reply_id order by at) filter (where is_letter))[1] as "letterId",
        coalesce((array_agg(message_id order by at) filter (where message_id is not null))[1:${NAMED_BY_ONE_OF}], '{}')
          as "firstIds"
      from (
        select conversation_id, deposited_at as at, ends_at, message_id, null::uuid as reply_id,
            opened_at is null as is_unread, false as is_letter
          from messages
          where tenant_id = $1 and person = $2 and ends_at > $3 and declined_at is null and withdrawn_at is null
        union all
        select conversation_id, submitted_at, ends_at, null, reply_id, false, message_id is null
          from replies where tenant_id = $1 and person = $2 and ends_at > $3
      ) as entries
      group by conversation_id
      having $4::timestamptz is null or (max(at), conversation_id) < ($4, $5::uuid)
      order by max(at) desc, conversation_id desc limit $6`,
    values: [tenantId, person, now, after?.lastAt ?? null, after?.conversationId ?? null, limit],
  });
  return rows;
}
