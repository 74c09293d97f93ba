// SPDX-License-Identifier: Apache-2.0
import { appendersOf, CATALOGUE, isEventName, type EventName, type ServiceName } from '@securemail/contracts';
import type { EventStore, Pool } from '@securemail/event-store';
import type { Logger } from '@securemail/telemetry';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { Consumer, type EventHandler, type Handlers } from '../consumer/consumer.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../consumer/failure.ts';
import { showWhatWaits } from '../consumer/gauges.ts';
import { startRetryWorker } from '../consumer/retry-worker.ts';
import type { EventLog, Running } from '../event-log.ts';
import { healthOf, type Health } from '../watchdog.ts';
import { BATCH } from './handles-event.ts';

export interface EventLogStrategyOptions {
  service: ServiceName;
  pool: Pool;
  store: EventStore;
  log: EventLog;
  logger: Logger;
  retry?: RetryPolicy;
  concurrency?: number;
  /** How long waiting work may stand still before {@link EventLogStrategy.health} says so. Default 60 s. */
  stalledAfterMs?: number;
}

/** What many events at once save in round trips, against this delay of each. Milliseconds. */
const BATCH_LINGER_MS = 50;

/**
 * Lets Nest's `@EventPattern('EmailAccepted')` methods consume the event log. The payload is the event, the context an
 * {@link EventContext}. Nest's own Kafka transport acknowledges what nobody handles, erases errors and has no dead
 * letters (docs/decisions/0003-own-nest-transport.md); this one knows only events, no requests and replies.
 */
export class EventLogStrategy extends Server implements CustomTransportStrategy {
  readonly #options: EventLogStrategyOptions;
  readonly #running = new Map<string, Running>();
  #gauges: { close: () => void } | undefined;

  constructor(options: EventLogStrategyOptions) {
    super();
    this.#options = options;
  }

  /** @throws Error where a method listens for something that is not in the catalogue: it would never be called. */
  async listen(started: (error?: Error) => void): Promise<void> {
    try {
      await this.#start();
      this.#gauges = showWhatWaits(this.#options.service, this.#options.pool, this.#running);
      started();
    } catch (error) {
      started(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #start(): Promise<void> {
    const { service, pool, store, log, logger, concurrency, retry = DEFAULT_RETRY_POLICY } = this.#options;
    this.#running.set('relay', await log.publish({ service, pool }));
    const byName = new Map<EventName, MessageHandler>();
    for (const [pattern, handler] of this.messageHandlers) {
      if (!isEventName(pattern))
        throw new Error(`@EventPattern('${pattern}') names no event of the catalogue`);
      if (handler.isEventHandler !== true)
        throw new Error(`'${pattern}' is an event: use @EventPattern, not @MessagePattern`);
      if (handler.next !== undefined)
        throw new Error(`two methods of ${service} handle ${pattern}: one event, one transaction`);
      byName.set(pattern, handler);
    }
    if (byName.size === 0) return;
    const handlers = handlersOf(byName);
    const consumer = new Consumer({
      group: service,
      pool,
      store,
      handlers,
      retry,
      logger,
      ...(concurrency === undefined ? {} : { concurrency }),
    });
    const sources = [...new Set([...byName.keys()].flatMap((name) => appendersOf(CATALOGUE[name])))];
    this.#running.set('retries', await startRetryWorker({ pool, consumer, logger }));
    this.#running.set(
      'consumer',
      await log.subscribe({
        group: service,
        pool,
        sources,
        deliver: consumer.deliver,
        ...('handleBatch' in handlers ? { lingerMs: BATCH_LINGER_MS } : {}),
      }),
    );
  }

  /** Stops taking events, lets handlers finish. Call it before the providers they use are destroyed. */
  async close(): Promise<void> {
    this.#gauges?.close();
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map((part) => part.close()));
  }

  health(now = new Date()): Promise<Health> {
    return healthOf(this.#running, { now, stalledAfterMs: this.#options.stalledAfterMs ?? 60_000 });
  }

  override on(): never {
    throw new Error('the event log has no transport events');
  }

  override unwrap(): never {
    throw new Error('the event log hides no client: use its own port');
  }
}

/** @throws Error where some events are taken in batches and others not, or by different methods. */
function handlersOf(byName: ReadonlyMap<EventName, MessageHandler>): Handlers {
  const methods = new Set([...byName.values()].map(({ extras }) => extras?.[BATCH] as string | undefined));
  const [first] = byName.values();
  if (first === undefined || methods.has(undefined)) {
    if (methods.size > 1)
      throw new Error(
        'some events are handled in batches and others one by one: that would break their order',
      );
    return new Map(
      [...byName].map(([name, handler]): [EventName, EventHandler] => [
        name,
        (context) => run(handler, context.event, context),
      ]),
    );
  }
  if (methods.size > 1)
    throw new Error(
      `${[...methods].join(' and ')} take batches: one method for all events, for the sake of order`,
    );
  return {
    names: new Set(byName.keys()),
    handleBatch: (events, context) => run(first, events, context),
  };
}

async function run(handler: MessageHandler, payload: unknown, context: unknown): Promise<void> {
  const result: unknown = await handler(payload, context);
  // Nest wraps whatever its filters return; an error in there is the handler's own (see rethrow-filter.ts).
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
