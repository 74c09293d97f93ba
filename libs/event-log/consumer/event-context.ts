// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, NewEvent, SealedEvent } from '@securemail/contracts';
import { inTransaction, type EventStore, type Pool, type Transaction } from '@securemail/event-store';
import { AlreadyHandledError, recordHandled, recordingHandled } from './inbox.ts';

/**
 * What a handler of several events at once gets beside them. Slow work (encryption, connections) comes first, outside
 * any transaction; then one `commit` writes what was decided together with the fact that the events are handled.
 */
export class BatchContext {
  #committed = false;

  constructor(
    /** The events as they travel, for who keeps them: their personal parts stay encrypted. */
    readonly sealedEvents: readonly SealedEvent[],
    protected readonly pool: Pool,
  ) {}

  get committed(): boolean {
    return this.#committed;
  }

  /**
   * Runs `work` and records the events as handled, in one transaction. The inbox comes after the work: an append must
   * be the first write of its transaction, so that transaction ids follow the order of the stream.
   *
   * @throws AlreadyHandledError where another delivery of an event was first; nothing of `work` is kept then.
   */
  commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.once(() =>
      inTransaction(this.pool, async (tx) => {
        const value = await work(tx);
        await recordHandled(
          tx,
          this.sealedEvents.map(({ id }) => id),
        );
        return value;
      }),
    );
  }

  protected async once<T>(write: () => Promise<T>): Promise<T> {
    if (this.#committed) {
      const ids = this.sealedEvents.map(({ id }) => id).join(', ');
      throw new Error(`events ${ids} were committed already: one handler, one transaction`);
    }
    const result = await write();
    this.#committed = true;
    return result;
  }
}

/** What a handler of one event gets beside it. */
export class EventContext extends BatchContext {
  constructor(
    readonly event: DomainEvent,
    /** The event as it travels, for who keeps it: its personal part stays encrypted. */
    readonly sealed: SealedEvent,
    pool: Pool,
    /** To be called in the middle of long work whenever it got on: else it looks like standing still. */
    readonly progressed: () => void,
  ) {
    super([sealed], pool);
  }

  /**
   * A `commit` of nothing but an append to the stream of the event's email: one statement and no transaction around it.
   *
   * @param expectedSequence see `EventStore.append`.
   * @throws AlreadyHandledError where another delivery of the event was first; ConcurrencyError.
   */
  async append(
    store: EventStore,
    expectedSequence: number,
    events: readonly NewEvent[],
    traceparent: string | null,
  ): Promise<void> {
    if (events.length === 0) {
      await this.commit(async () => {});
      return;
    }
    await this.once(async () => {
      const options = { traceparent, when: recordingHandled(this.event.id) };
      const appended = await store.append(this.pool, this.event, expectedSequence, events, options);
      if (appended.length === 0) throw new AlreadyHandledError(`event ${this.event.id} was handled already`);
    });
  }
}
