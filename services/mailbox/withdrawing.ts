// SPDX-License-Identifier: Apache-2.0
import type { NewEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import type { Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { withdrawMessage, type StoredMessage } from './adapters/messages.ts';

/**
 * Takes messages of one email back, each once; those that have ended stay as they are. All in one transaction: whoever reads
 * of it, such as the receipt, reads of all.
 */
export async function withdraw(
  messages: readonly [StoredMessage, ...StoredMessage[]],
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  { by, at }: { by: string; at: Date },
): Promise<void> {
  const [{ emailId, tenantId }] = messages;
  await inTransaction(pool, async (tx) => {
    const events: NewEvent[] = [];
    for (const { messageId, protectedMessageId, recipientId } of messages) {
      const withdrawn = await withdrawMessage(tx, messageId, at);
      if (withdrawn === null) continue;
      events.push({
        name: 'MailboxMessageWithdrawn',
        data: {
          protectedMessageId,
          recipientIds: [recipientId],
          withdrawnAt: at.toISOString(),
          openedAt: withdrawn.openedAt?.toISOString() ?? null,
          withdrawnBy: by,
        },
        personal: null,
      });
    }
    if (events.length > 0)
      await store.append(tx, { emailId, tenantId }, 'any', events, { traceparent: currentTraceparent() });
  });
  signalAppended('mailbox');
}
