// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { EmailId, TenantId } from '@securemail/contracts';
import type { AppendOptions, Pool, Transaction } from '@securemail/event-store';
import type { ThreadKey } from '../domain/guards/thread-keys.ts';

type Statement = NonNullable<AppendOptions['when']>;

export interface SentMessage {
  tenantId: TenantId;
  emailId: EmailId;
  /** Of its Message-ID. */
  key: ThreadKey;
  at: Date;
}

/** Notes which email the Message-ID is of, as part of its append, after what else is noted there. */
export function notingSent({ tenantId, emailId, key, at }: SentMessage, after: Statement): Statement {
  const own = [tenantId, digest(key), emailId, at];
  const [tenant, message, email, time] = own.map((_, index) => `$${after.values.length + index + 1}`);
  return {
    // As short as Postgres wants the name of a statement, and another one for each that it follows.
    name: `noting what is sent, ${after.values.length}`,
    text: `${after.text}, note_sent(${tenant}, ${message}::bytea, ${email}::uuid, ${time}::timestamptz)`,
    values: [...after.values, ...own],
  };
}

/** Notes it as part of a transaction of its own. */
export async function noteSent(tx: Transaction, { tenantId, emailId, key, at }: SentMessage): Promise<void> {
  await tx.query('select note_sent($1, $2, $3, $4)', [tenantId, digest(key), emailId, at]);
}

/** The emails of that Message-ID, the last few of them: an id is a sender's to choose, and to use again. */
export async function sentMessages(pool: Pool, tenantId: TenantId, key: ThreadKey): Promise<EmailId[]> {
  const { rows } = await pool.query<{ emailId: EmailId }>({
    name: 'intake/sent-messages',
    text: `select email_id as "emailId" from sent_messages where tenant_id = $1 and key = $2
      order by sent_at desc limit 10`,
    values: [tenantId, digest(key)],
  });
  return rows.map(({ emailId }) => emailId);
}

const digest = (key: ThreadKey): Buffer => createHash('sha256').update(key).digest();

/** Reports come within days. */
export async function forgetSent(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from sent_messages where sent_at < $1', [before]);
}
