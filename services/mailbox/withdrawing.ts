// SPDX-License-Identifier: Apache-2.0
import { signalAppended } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import type { Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { withdrawMessage, type StoredMessage } from './adapters/messages.ts';

/** Takes a message back, once; where it has ended nothing happens. */
export async function withdraw(
  { messageId, emailId, tenantId, protectedMessageId, recipientId }: StoredMessage,
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  { by, at }: { by: string; at: Date },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const withdrawn = await withdrawMessage(tx, messageId, at);
    if (withdrawn === null) return;
    await store.append(
      tx,
      { emailId, tenantId },
      'any',
      [
        {
          name: 'MailboxMessageWithdrawn',
          data: {
            protectedMessageId,
            recipientIds: [recipientId],
            withdrawnAt: at.toISOString(),
            openedAt: withdrawn.openedAt?.toISOString() ?? null,
            withdrawnBy: by,
          },
          personal: null,
        },
      ],
      { traceparent: currentTraceparent() },
    );
  });
  signalAppended('mailbox');
}
