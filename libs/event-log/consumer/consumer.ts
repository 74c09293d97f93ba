// SPDX-License-Identifier: Apache-2.0
import { SpanKind } from '@opentelemetry/api';
import {
  isEventName,
  UnknownEventError,
  type DomainEvent,
  type EmailId,
  type EventName,
  type SealedEvent,
} from '@securemail/contracts';
import type { EventStore, Pool } from '@securemail/event-store';
import {
  ATTRIBUTE,
  reached,
  withinTrace,
  withSpans,
  type Logger,
  type NamedSpan,
} from '@securemail/telemetry';
import { ClosingError, waitAfter } from '../backoff.ts';
import { forEachByKey } from '../by-key.ts';
import { settledWithin } from '../settled-within.ts';
import type { Arrival, Deliver, Delivery } from '../event-log.ts';
import { BY_ITSELF, giveBack, keep, remove, takeBehind, WAITS } from './dead-letters.ts';
import { BatchContext, EventContext } from './event-context.ts';
import { isGivenUp, PoisonEventError, reasonOf, type RetryPolicy } from './failure.ts';
import { AlreadyHandledError, standingOf } from './inbox.ts';
import { LettersInHand, MOST_ENDINGS } from './letters-in-hand.ts';

export type EventHandler = (context: EventContext) => Promise<void>;
export type BatchHandler = (events: readonly DomainEvent[], context: BatchContext) => Promise<void>;

/** One method for each event, or one for many at once, where that is cheaper. */
export type Handlers =
  ReadonlyMap<EventName, EventHandler> | { names: ReadonlySet<EventName>; handleBatch: BatchHandler };

export interface ConsumerOptions {
  /** The consumer group: the name of the service. */
  group: string;
  pool: Pool;
  store: Pick<EventStore, 'open'>;
  /** What the catalogue knows and is not here is not this consumer's business. */
  handlers: Handlers;
  retry: RetryPolicy;
  logger: Logger;
  /** How many emails are dealt with side by side; the events of one email stay in order. Default 16. */
  concurrency?: number;
  /** An event that takes longer no longer holds up the log: its handler goes on beside it. Milliseconds, default 5,000. */
  setAsideAfterMs?: number;
  /**
   * So many events after a start are written down before they are handled, default 200: among those that the log brings
   * again may be the one that ended the process before.
   */
  carefulFor?: number;
}

interface Waiting {
  arrived: number;
  event: SealedEvent;
}

/** As many as a log brings at once, in one transaction. */
const MOST_TOGETHER = 256;

/** Deals with arrivals: exactly one committed effect for each event, whatever the log delivers and how often. */
export class Consumer {
  readonly #options: ConsumerOptions & { concurrency: number; setAsideAfterMs: number };
  /** What is handled beside the log. */
  readonly letters: LettersInHand;
  #carefulFor: number;
  /** The end of what the log brought again so far: one of them after the other, so that it shows which ends the process. */
  #suspects: Promise<unknown> = Promise.resolve();

  constructor(options: ConsumerOptions) {
    this.#options = { concurrency: 16, setAsideAfterMs: 5_000, ...options };
    this.letters = new LettersInHand(this.#options);
    this.#carefulFor = options.carefulFor ?? 200;
  }

  /** The `deliver` of a subscription. */
  readonly deliver: Deliver = async (arrivals, delivery) => {
    for (const arrival of arrivals) {
      if (arrival.kind === 'unreadable')
        await this.#park(arrival, 0, `UnreadableEventError: ${arrival.reason}`);
    }
    const events = distinct(arrivals).filter(({ name }) => !isEventName(name) || this.#handles(name));
    if (events.length === 0) return;
    const { handled, blocked } = await standingOf(this.#options.pool, events);
    const waiting = events.filter(({ id }) => !handled.has(id));
    // Before the others: each start gets on by as many, until the one that ends the process is among them.
    const careful = this.#carefulOf(waiting.filter(({ emailId }) => !blocked.has(emailId)));
    await this.#handleApart(
      waiting.filter(({ emailId }) => careful.has(emailId)),
      blocked,
      delivery,
    );
    const others = waiting.filter(({ emailId }) => !careful.has(emailId));
    const apart = await this.#handleTogether(others, blocked, delivery.progressed);
    await this.#handleApart(apart, blocked, delivery);
  };

  /**
   * Opens events and runs their handler once, each event in a span of its own trace. Several at once only where the
   * handler takes them so.
   *
   * @throws AlreadyHandledError where of several events one was handled meanwhile.
   */
  async #handle(events: readonly SealedEvent[], progressed: () => void): Promise<void> {
    const { group, store } = this.#options;
    const unknown = events.find(({ name }) => !isEventName(name) || !this.#handles(name));
    if (unknown !== undefined) throw new UnknownEventError(`${group} has no handler for ${unknown.name}`);
    const spans = events.map((event) => this.#spanOf(event));
    await withSpans(`securemail.${group}`, spans, async () => {
      reached('consumer:event-received');
      const opened = await Promise.all(events.map((event) => store.open(event)));
      try {
        await this.#run(opened, events, progressed);
        reached('consumer:event-committed');
      } catch (error) {
        if (!(error instanceof AlreadyHandledError) || events.length > 1) throw error;
      }
    });
  }

  /**
   * Handles an event once more, unless its effect is there after all: a commit's answer can be lost.
   *
   * @throws PoisonEventError where it was begun so often that only the end of its process can be why no one knows.
   */
  async handleAgain(
    event: SealedEvent,
    { arrived, attempts, endings }: { arrived: number; attempts: number; endings: number },
  ): Promise<void> {
    const { pool, retry } = this.#options;
    const { handled } = await standingOf(pool, [event]);
    if (handled.has(event.id)) return;
    if (attempts > retry.attempts || endings > MOST_ENDINGS)
      throw new PoisonEventError('the process ended during each try');
    const behind = endings > 1 ? [] : await this.#takeBehind(event, arrived);
    if (behind.length === 0) await this.#handle([event], this.letters.progressed);
    else await this.#handleWith(event, behind);
  }

  /**
   * What waits behind an event, where the handler takes batches: an email with many recipients has thousands of events, and
   * one by one each of them costs as much as many.
   */
  async #takeBehind({ emailId }: SealedEvent, arrived: number): Promise<Waiting[]> {
    const { handlers, pool } = this.#options;
    if (!('handleBatch' in handlers)) return [];
    const letters = await takeBehind(pool, { arrived, emailId }, MOST_TOGETHER);
    return letters.flatMap((letter) =>
      letter.arrival.kind === 'event' ? { arrived: letter.arrived, event: letter.arrival.event } : [],
    );
  }

  /** Handles an event and those behind it together, or, where that fails, it alone. */
  async #handleWith(event: SealedEvent, behind: readonly Waiting[]): Promise<void> {
    const { pool, logger } = this.#options;
    const letters = behind.map(({ arrived }) => arrived);
    const events = behind.map((each) => each.event);
    try {
      const { handled } = await standingOf(pool, events);
      await this.#handle([event, ...events.filter(({ id }) => !handled.has(id))], this.letters.progressed);
    } catch (together) {
      logger.debug({ reason: reasonOf(together) }, 'events that waited not handled together');
      try {
        await this.#handle([event], this.letters.progressed);
      } catch (error) {
        await giveBack(pool, letters, WAITS);
        throw error;
      }
      await giveBack(pool, letters, BY_ITSELF);
      return;
    }
    await remove(pool, ...letters);
  }

  async #run(
    opened: readonly DomainEvent[],
    sealed: readonly SealedEvent[],
    progressed: () => void,
  ): Promise<void> {
    const { handlers, pool } = this.#options;
    if ('handleBatch' in handlers) {
      const context = new BatchContext(sealed, pool);
      await handlers.handleBatch(opened, context);
      if (!context.committed) await context.commit(async () => {});
      return;
    }
    for (const [index, event] of opened.entries()) {
      const [handler, itself] = [handlers.get(event.name), sealed[index]];
      if (handler === undefined || itself === undefined) throw new UnknownEventError(event.name);
      const context = new EventContext(event, itself, pool, progressed);
      await handler(context);
      if (!context.committed) await context.commit(async () => {});
    }
  }

  /** @returns what is left to be handled one by one: all of it where the handler does not take batches, or failed. */
  async #handleTogether(
    events: readonly SealedEvent[],
    blocked: ReadonlySet<EmailId>,
    progressed: () => void,
  ): Promise<readonly SealedEvent[]> {
    const unknown = new Set(events.flatMap(({ name, emailId }) => (isEventName(name) ? [] : [emailId])));
    const known = events.filter(({ emailId }) => !unknown.has(emailId) && !blocked.has(emailId));
    if (!('handleBatch' in this.#options.handlers) || known.length < 2) return events;
    try {
      await this.#handle(known, progressed);
      return events.filter((event) => !known.includes(event));
    } catch (error) {
      // One by one it shows which of them it was, and the others pass.
      this.#options.logger.debug({ reason: reasonOf(error) }, 'events not handled together');
      return events;
    }
  }

  /** Whole emails, for their events stay in order. */
  #carefulOf(events: readonly SealedEvent[]): ReadonlySet<EmailId> {
    return new Set(events.slice(0, this.#carefulFor).map(({ emailId }) => emailId));
  }

  async #handleApart(
    events: readonly SealedEvent[],
    blocked: Set<EmailId>,
    delivery: Delivery,
  ): Promise<void> {
    await forEachByKey(
      events,
      ({ emailId }) => emailId,
      this.#options.concurrency,
      async (event) => {
        if (delivery.signal.aborted) throw new ClosingError('the event log is closing');
        // What the log says after the span of the handler has ended belongs to the email's trace, too.
        await withinTrace(event.traceparent, () => this.#handleOne(event, blocked, delivery));
        delivery.progressed();
      },
    );
  }

  async #handleOne(event: SealedEvent, blocked: Set<EmailId>, delivery: Delivery): Promise<void> {
    const { logger, retry } = this.#options;
    const arrival: Arrival = { kind: 'event', event };
    if (await this.#handleCarefully(event, blocked, delivery)) return;
    if (blocked.has(event.emailId)) {
      await this.#retryLater(arrival, 0, WAITS, 0);
      return;
    }
    const at = { progressed: delivery.progressed };
    const work = this.#handle([event], () => {
      at.progressed();
    });
    try {
      while (!(await settledWithin(work, this.#options.setAsideAfterMs))) {
        if (delivery.signal.aborted || !(await this.letters.setAside(event, work))) continue;
        at.progressed = this.letters.progressed;
        blocked.add(event.emailId);
        return;
      }
      await work;
    } catch (error) {
      const reason = reasonOf(error);
      logger.warn(
        { eventId: event.id, emailId: event.emailId, event: event.name, reason },
        'event not handled',
      );
      if (isGivenUp(error, 1, retry)) await this.#park(arrival, 1, reason);
      else await this.#retryLater(arrival, 1, reason, waitAfter(1, retry));
      blocked.add(event.emailId);
    }
  }

  /** Handles it under a letter that is written before, where that is asked for. @returns whether it was. */
  async #handleCarefully(event: SealedEvent, blocked: Set<EmailId>, delivery: Delivery): Promise<boolean> {
    const again = blocked.has(event.emailId);
    if (!again) {
      if (this.#carefulFor === 0) return false;
      this.#carefulFor -= 1;
    }
    let carried: Promise<void> = Promise.resolve();
    const handle = async () => {
      const letter = await this.letters.begin(event, { again });
      if (letter === null) return false;
      const work = this.#handle([event], () => {
        delivery.progressed();
        this.letters.progressed();
      });
      const succeeded = work.then(
        () => true,
        () => false,
      );
      carried = this.letters.carry(letter, work);
      const isDone = await settledWithin(carried, this.#options.setAsideAfterMs);
      if (!isDone || !(await succeeded)) blocked.add(event.emailId);
      return true;
    };
    if (!again) return handle();
    const before = this.#suspects;
    let isLeft = false;
    const handled = before.then(() => (isLeft || delivery.signal.aborted ? false : handle()));
    // Until it is done with, also where the log goes on before.
    this.#suspects = handled.then(() => carried).catch(() => undefined);
    // The log does not stand still for one that takes long: the others wait until they are due.
    isLeft = !(await settledWithin(before, this.#options.setAsideAfterMs));
    return isLeft ? false : handled;
  }

  #handles(name: EventName): boolean {
    const { handlers } = this.#options;
    return 'handleBatch' in handlers ? handlers.names.has(name) : handlers.has(name);
  }

  #spanOf(event: SealedEvent): NamedSpan {
    const attributes = {
      [ATTRIBUTE.messagingOperationType]: 'process',
      [ATTRIBUTE.messagingConsumerGroup]: this.#options.group,
      [ATTRIBUTE.messagingMessageId]: event.id,
      [ATTRIBUTE.emailId]: event.emailId,
      [ATTRIBUTE.tenantId]: event.tenantId,
    };
    return {
      spanName: `process ${event.name}`,
      options: { kind: SpanKind.CONSUMER, attributes, parent: event.traceparent },
    };
  }

  async #park(arrival: Arrival, attempts: number, reason: string): Promise<void> {
    await keep(this.#options.pool, { arrival, status: 'parked', reason, attempts, waitMs: 0 });
    this.#options.logger.error(
      { ...idsOf(arrival), reason },
      'dead letter: parked until a person replays it',
    );
  }

  async #retryLater(arrival: Arrival, attempts: number, reason: string, waitMs: number): Promise<void> {
    await keep(this.#options.pool, { arrival, status: 'retrying', reason, attempts, waitMs });
  }
}

/** A log may bring the same event twice in one batch. */
const distinct = (arrivals: readonly Arrival[]): SealedEvent[] => [
  ...new Map(
    arrivals.flatMap((arrival) => (arrival.kind === 'event' ? [[arrival.event.id, arrival.event]] : [])),
  ).values(),
];

const idsOf = (arrival: Arrival) =>
  arrival.kind === 'event'
    ? { eventId: arrival.event.id, emailId: arrival.event.emailId, event: arrival.event.name }
    : { source: arrival.source };
