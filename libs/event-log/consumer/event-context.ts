// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, SealedEvent } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import { recordHandled } from './inbox.ts';

type Alongside = (tx: Transaction) => Promise<void>;

/**
 * What a handler of several events at once gets beside them. Slow work (encryption, connections) comes first, outside
 * any transaction; then one `commit` writes what was decided together with the fact that the events are handled.
 */
export class BatchContext {
  #committed = false;

  constructor(
    /** The events as they travel, for who keeps them: their personal parts stay encrypted. */
    readonly sealedEvents: readonly SealedEvent[],
    private readonly pool: Pool,
    /** Runs last in the transaction, e.g. to remove the dead letter that is being retried. */
    private readonly alongside: Alongside = async () => {},
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
  async commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const ids = this.sealedEvents.map(({ id }) => id);
    if (this.#committed)
      throw new Error(`events ${ids.join(', ')} were committed already: one handler, one transaction`);
    const result = await inTransaction(this.pool, async (tx) => {
      const value = await work(tx);
      await recordHandled(tx, ids);
      await this.alongside(tx);
      return value;
    });
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
    alongside?: Alongside,
  ) {
    super([sealed], pool, alongside);
  }
}
