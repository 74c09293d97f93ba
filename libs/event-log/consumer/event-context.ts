// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, SealedEvent } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import { recordHandled } from './inbox.ts';

/**
 * What a handler gets beside the event. Slow work (encryption, connections) comes first, outside any transaction;
 * then one `commit` writes what was decided together with the fact that the event is handled.
 */
export class EventContext {
  #committed = false;

  constructor(
    readonly event: DomainEvent,
    /** The event as it travels, for who keeps it: its personal part stays encrypted. */
    readonly sealed: SealedEvent,
    private readonly pool: Pool,
    /** Runs last in the transaction, e.g. to remove the dead letter that is being retried. */
    private readonly alongside: (tx: Transaction) => Promise<void> = async () => {},
  ) {}

  get committed(): boolean {
    return this.#committed;
  }

  /**
   * Runs `work` and records the event as handled, in one transaction. The inbox comes after the work: an append must
   * be the first write of its transaction, so that transaction ids follow the order of the stream.
   *
   * @throws AlreadyHandledError where another delivery of the event was first; nothing of `work` is kept then.
   */
  async commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.#committed)
      throw new Error(`event ${this.event.id} was committed already: one handler, one transaction`);
    const result = await inTransaction(this.pool, async (tx) => {
      const value = await work(tx);
      await recordHandled(tx, this.event.id);
      await this.alongside(tx);
      return value;
    });
    this.#committed = true;
    return result;
  }
}
