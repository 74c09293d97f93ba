// SPDX-License-Identifier: Apache-2.0
import { SpanKind } from '@opentelemetry/api';
import { isEventName, UnknownEventError, type EventName, type SealedEvent } from '@securemail/contracts';
import type { EventStore, Pool, Transaction } from '@securemail/event-store';
import { reached, withSpan, type Logger } from '@securemail/telemetry';
import { waitAfter } from '../backoff.ts';
import type { Arrival } from '../event-log.ts';
import { keep } from './dead-letters.ts';
import { EventContext } from './event-context.ts';
import { isHopeless, reasonOf, type RetryPolicy } from './failure.ts';
import { AlreadyHandledError, standingOf } from './inbox.ts';

export type EventHandler = (context: EventContext) => Promise<void>;

export interface ConsumerOptions {
  /** The consumer group: the name of the service. */
  group: string;
  pool: Pool;
  store: Pick<EventStore, 'open'>;
  /** By event name. What the catalogue knows and is not here is not this consumer's business. */
  handlers: ReadonlyMap<EventName, EventHandler>;
  retry: RetryPolicy;
  logger: Logger;
  clock?: () => Date;
}

/** Deals with arrivals: exactly one committed effect for each event, whatever the log delivers and how often. */
export class Consumer {
  readonly #options: ConsumerOptions & { clock: () => Date };

  constructor(options: ConsumerOptions) {
    this.#options = { clock: () => new Date(), ...options };
  }

  /** The `deliver` of a subscription. */
  readonly deliver = async (arrival: Arrival): Promise<void> => {
    const { pool, handlers, logger, retry } = this.#options;
    if (arrival.kind === 'unreadable') {
      await this.#park(arrival, 0, `UnreadableEventError: ${arrival.reason}`);
      return;
    }
    const { event } = arrival;
    if (isEventName(event.name) && !handlers.has(event.name)) return;
    const standing = await standingOf(pool, event);
    if (standing.handled) return;
    if (standing.blocked) {
      await this.#retryLater(arrival, 0, 'waits behind an earlier event of the same email', 0);
      return;
    }
    try {
      await this.handle(event);
    } catch (error) {
      const reason = reasonOf(error);
      logger.warn(
        { eventId: event.id, emailId: event.emailId, event: event.name, reason },
        'event not handled',
      );
      if (isHopeless(error) || retry.attempts <= 1) await this.#park(arrival, 1, reason);
      else await this.#retryLater(arrival, 1, reason, waitAfter(1, retry));
    }
  };

  /**
   * Opens the event and runs its handler once, in a span of the event's own trace.
   *
   * @param alongside what is written in the same transaction as the handler's own work.
   */
  async handle(event: SealedEvent, alongside?: (tx: Transaction) => Promise<void>): Promise<void> {
    const { group, pool, store, handlers } = this.#options;
    const handler = isEventName(event.name) ? handlers.get(event.name) : undefined;
    if (handler === undefined) throw new UnknownEventError(`${group} has no handler for ${event.name}`);
    const attributes = {
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': group,
      'messaging.message.id': event.id,
      'securemail.email.id': event.emailId,
      'securemail.tenant.id': event.tenantId,
    };
    await withSpan(
      `securemail.${group}`,
      `process ${event.name}`,
      { kind: SpanKind.CONSUMER, attributes, parent: event.traceparent },
      async () => {
        reached('consumer:event-received');
        const context = new EventContext(await store.open(event), event, pool, alongside);
        try {
          await handler(context);
          if (!context.committed) await context.commit(async () => {});
          reached('consumer:event-committed');
        } catch (error) {
          if (!(error instanceof AlreadyHandledError)) throw error;
        }
      },
    );
  }

  async #park(arrival: Arrival, attempts: number, reason: string): Promise<void> {
    const now = this.#options.clock();
    await keep(this.#options.pool, { arrival, status: 'parked', reason, attempts, now, nextAttemptAt: now });
    this.#options.logger.error(
      { ...idsOf(arrival), reason },
      'dead letter: parked until a person replays it',
    );
  }

  async #retryLater(arrival: Arrival, attempts: number, reason: string, waitMs: number): Promise<void> {
    const now = this.#options.clock();
    const nextAttemptAt = new Date(now.getTime() + waitMs);
    await keep(this.#options.pool, { arrival, status: 'retrying', reason, attempts, now, nextAttemptAt });
  }
}

const idsOf = (arrival: Arrival) =>
  arrival.kind === 'event'
    ? { eventId: arrival.event.id, emailId: arrival.event.emailId, event: arrival.event.name }
    : { source: arrival.source };
