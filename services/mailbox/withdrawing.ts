// SPDX-License-Identifier: Apache-2.0
import type { NewEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { appendInTurn } from './adapters/appending.ts';
import { withdrawMessages, type StoredMessage } from './adapters/messages.ts';

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
  await appendInTurn(emailId, pool, async (tx) => {
    const ids = messages.map(({ messageId }) => messageId);
    const withdrawn = await withdrawMessages(tx, ids, at);
    const events = messages.flatMap(({ messageId, protectedMessageId, recipientId }): NewEvent[] => {
      const openedAt = withdrawn.get(messageId);
      if (openedAt === undefined) return [];
      const data = {
        protectedMessageId,
        recipientIds: [recipientId],
        withdrawnAt: at.toISOString(),
        openedAt: openedAt?.toISOString() ?? null,
        withdrawnBy: by,
      };
      return [{ name: 'MailboxMessageWithdrawn', data, personal: null }];
    });
    await store.append(tx, { emailId, tenantId }, 'any', events, { traceparent: currentTraceparent() });
  });
  signalAppended('mailbox');
}
