// SPDX-License-Identifier: Apache-2.0
import type { EmailId, ProtectedMessageId, RecipientId, SealedEvent, TenantId } from '@securemail/contracts';
import type { AppendOptions, Pool, Transaction } from '@securemail/event-store';
import type { Graded } from '../domain/demands.ts';

/** A row of what was deposited: for one recipient. */
export interface StoredMessage extends Graded {
  messageId: string;
  tenantId: TenantId;
  person: Buffer;
  emailId: EmailId;
  protectedMessageId: ProtectedMessageId;
  recipientId: RecipientId;
  conversationId: string;
  protected: SealedEvent;
  depositedAt: Date;
  endsAt: Date;
  openedAt: Date | null;
  /** When its reader said that it is not for him: it is closed. */
  declinedAt: Date | null;
  /** When its sender took it back. */
  withdrawnAt: Date | null;
}

export type NewMessage = Omit<StoredMessage, 'openedAt' | 'declinedAt' | 'withdrawnAt'> & {
  link: Buffer;
  takeBack: Buffer;
};

const COLUMNS = `message_id as "messageId", tenant_id as "tenantId", person, email_id as "emailId",
  protected_message_id as "protectedMessageId", recipient_id as "recipientId", protected,
  deposited_at as "depositedAt", ends_at as "endsAt", opened_at as "openedAt",
  declined_at as "declinedAt", conversation_id as "conversationId",
  withdrawn_at as "withdrawnAt", levels, demanded`;

export async function addMessages(tx: Transaction, messages: readonly NewMessage[]): Promise<void> {
  for (const message of messages)
    await tx.query({
      name: 'mailbox/add-message',
      text: `insert into messages (message_id, tenant_id, person, link, email_id, protected_message_id, recipient_id,
          protected, deposited_at, ends_at, conversation_id, take_back, levels, demanded)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      values: [
        message.messageId,
        message.tenantId,
        message.person,
        message.link,
        message.emailId,
        message.protectedMessageId,
        message.recipientId,
        JSON.stringify(message.protected),
        message.depositedAt,
        message.endsAt,
        message.conversationId,
        message.takeBack,
        message.levels,
        message.demanded,
      ],
    });
}

export async function messageOfLink(pool: Pool, link: Buffer): Promise<StoredMessage | null> {
  const { rows } = await pool.query<StoredMessage>({
    name: 'mailbox/message-of-link',
    text: `select ${COLUMNS} from messages where link = $1`,
    values: [link],
  });
  return rows[0] ?? null;
}

export async function messageOfTakeBack(pool: Pool, takeBack: Buffer): Promise<StoredMessage | null> {
  const { rows } = await pool.query<StoredMessage>({
    name: 'mailbox/message-of-take-back',
    text: `select ${COLUMNS} from messages where take_back = $1`,
    values: [takeBack],
  });
  return rows[0] ?? null;
}

export interface Reader {
  tenantId: TenantId;
  person: Buffer;
}

/** A message of this reader; null for every other one. */
export async function messageOf(
  pool: Pool,
  { tenantId, person }: Reader,
  messageId: string,
): Promise<StoredMessage | null> {
  const { rows } = await pool.query<StoredMessage>({
    name: 'mailbox/message-of',
    text: `select ${COLUMNS} from messages where message_id = $1 and tenant_id = $2 and person = $3`,
    values: [messageId, tenantId, person],
  });
  return rows[0] ?? null;
}

/** What the reader can read now of a conversation, the oldest first. */
export async function messagesIn(
  pool: Pool,
  { tenantId, person }: Reader,
  conversationId: string,
  now: Date,
): Promise<StoredMessage[]> {
  const { rows } = await pool.query<StoredMessage>({
    name: 'mailbox/messages-in',
    text: `select ${COLUMNS} from messages
      where conversation_id = $1 and tenant_id = $2 and person = $3 and ends_at > $4 and declined_at is null and withdrawn_at is null
      order by deposited_at, message_id`,
    values: [conversationId, tenantId, person, now],
  });
  return rows;
}

/** The last that the reader can read now. */
export async function newestMessageOf(
  pool: Pool,
  { tenantId, person }: Reader,
  now: Date,
): Promise<StoredMessage | null> {
  const { rows } = await pool.query<StoredMessage>({
    name: 'mailbox/newest-message-of',
    text: `select ${COLUMNS} from messages
      where tenant_id = $1 and person = $2 and ends_at > $3 and declined_at is null and withdrawn_at is null
      order by deposited_at desc, message_id desc limit 1`,
    values: [tenantId, person, now],
  });
  return rows[0] ?? null;
}

/** The first time alone: two at once are one. */
export const openingMessage = (messageId: string, at: Date): NonNullable<AppendOptions['when']> => ({
  name: 'opening a message',
  text: `update messages set opened_at = $2
    where message_id = $1 and opened_at is null and withdrawn_at is null and declined_at is null returning 1`,
  values: [messageId, at],
});

/** Closes it for good; once, and not where its sender took it back. */
export const decliningMessage = (messageId: string, at: Date): NonNullable<AppendOptions['when']> => ({
  name: 'declining a message',
  text: `update messages set declined_at = $2
    where message_id = $1 and declined_at is null and withdrawn_at is null returning 1`,
  values: [messageId, at],
});

/**
 * Closes them for good; each once, and not where it is closed.
 *
 * @returns when those that were closed by it had been opened, as is known only then; null: never.
 */
export async function withdrawMessages(
  tx: Transaction,
  messageIds: readonly string[],
  at: Date,
): Promise<Map<string, Date | null>> {
  const { rows } = await tx.query<{ messageId: string; openedAt: Date | null }>({
    name: 'mailbox/withdraw-messages',
    text: `update messages set withdrawn_at = $2
      where message_id = any($1::uuid[]) and withdrawn_at is null and declined_at is null and ends_at > $2
      returning message_id as "messageId", opened_at as "openedAt"`,
    values: [messageIds, at],
  });
  return new Map(rows.map(({ messageId, openedAt }) => [messageId, openedAt]));
}

/** What was deposited of an email, the first first. */
export async function messagesOfEmail(
  pool: Pool,
  tenantId: TenantId,
  emailId: EmailId,
): Promise<StoredMessage[]> {
  const { rows } = await pool.query<StoredMessage>({
    name: 'mailbox/messages-of-email',
    text: `select ${COLUMNS} from messages where email_id = $1 and tenant_id = $2
      order by deposited_at, length(recipient_id), recipient_id`,
    values: [emailId, tenantId],
  });
  return rows;
}

/** Whether nobody reads it any more: its time is over, its reader said that it is not for him, or its sender took it back. */
export const hasEnded = ({ endsAt, declinedAt, withdrawnAt }: StoredMessage, now: Date): boolean =>
  endsAt <= now || declinedAt !== null || withdrawnAt !== null;

export async function forgetMessages(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from messages where ends_at < $1', [before]);
}
