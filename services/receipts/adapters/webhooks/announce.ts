// SPDX-License-Identifier: Apache-2.0
import { newEventId, readEvent, type SealedEvent, type TenantId } from '@securemail/contracts';
import type { Transaction } from '@securemail/event-store';
import type { Projected } from '../projection.ts';
import { emailOf } from '../../domain/fold.ts';
import { messagesOf } from '../../domain/webhook-message.ts';
import { addDeliveries, type NewDelivery } from './deliveries.ts';
import type { Listening } from './store.ts';

/**
 * Writes down what webhooks are to be told, in the transaction that projects the events. Costs nothing where nobody
 * listens.
 *
 * @param news which events of these emails are new.
 * @returns whether there was anything.
 */
export async function announce(
  tx: Transaction,
  { histories, listening }: Projected,
  news: readonly SealedEvent[],
  { now, giveUpAt }: { now: Date; giveUpAt: Date },
): Promise<boolean> {
  if (listening.length === 0) return false;
  const fresh = new Set(news.map(({ id }) => id));
  const byTenant = Map.groupBy(listening, ({ tenantId }) => tenantId);
  const deliveries = histories.flatMap((history) => deliveriesFor(history, fresh, byTenant));
  if (deliveries.length === 0) return false;
  await addDeliveries(tx, deliveries, now, giveUpAt);
  return true;
}

function deliveriesFor(
  history: readonly SealedEvent[],
  fresh: ReadonlySet<string>,
  listening: ReadonlyMap<TenantId, readonly Listening[]>,
): NewDelivery[] {
  const [first] = history;
  const webhooks = first === undefined ? undefined : listening.get(first.tenantId);
  if (first === undefined || webhooks === undefined) return [];
  // What a state is made of stands in the open part of each event.
  const events = history.map((event) => readEvent(event, undefined));
  const news = events.filter(({ id }) => fresh.has(id));
  const last = news.toSorted((a, b) => a.time.localeCompare(b.time)).at(-1);
  const after = emailOf(events);
  if (after === null || last === undefined) return [];
  const before = emailOf(events.filter(({ id }) => !fresh.has(id)));
  return messagesOf(before, after, news).flatMap((message) =>
    webhooks
      .filter(({ types }) => types === null || types.includes(message.type))
      .map(({ webhookId }) => ({
        deliveryId: newEventId(),
        webhookId,
        emailId: first.emailId,
        eventId: last.id,
        type: message.type,
        payload: JSON.stringify(message),
        traceparent: last.traceparent,
      })),
  );
}
