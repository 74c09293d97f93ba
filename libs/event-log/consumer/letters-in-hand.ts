// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { withinTrace, type Logger } from '@securemail/telemetry';
import { ClosingError, pause, untilDone, waitAfter } from '../backoff.ts';
import type { Progress } from '../event-log.ts';
import { IN_HAND, keep, recordFailure, remove, renew, takeOver, TAKES_LONG } from './dead-letters.ts';
import { countedOf, isGivenUp, reasonOf, type RetryPolicy } from './failure.ts';

/** A letter whose worker died is taken up again after so long; who works on one renews it. Milliseconds. */
export const LEASE_MS = 30_000;

/** So long an event waits for a free hand; the log is not to stand still for what takes minutes. */
const PATIENCE_MS = 2_000;

/** What was begun so often, and ended its process each time, is parked. */
export const MOST_ENDINGS = 3;

/** So many at once in one process; what takes long beyond that holds up the log. */
const AT_ONCE = 16;

/** While the database is away, what became of a letter is written down again and again. */
const BACKOFF = { firstMs: 100, longestMs: 2_000 };

export interface LettersInHandOptions {
  pool: Pool;
  retry: RetryPolicy;
  logger: Logger;
}

/** The letter of an event that is being handled, and how often that was tried, this time counted. */
export interface LetterInHand {
  arrived: number;
  event: SealedEvent;
  attempts: number;
}

/** Events that are handled beside the log, each under a letter that is leased until its handler has ended. */
export class LettersInHand {
  readonly #options: LettersInHandOptions;
  readonly #inHand = new Map<number, Promise<void>>();
  readonly #closing = new AbortController();
  #lastProgressAt = new Date();
  #reserved = 0;

  constructor(options: LettersInHandOptions) {
    this.#options = options;
  }

  /** To be called by handlers that get on, so that long work does not look like standing still. */
  readonly progressed = (): void => {
    this.#lastProgressAt = new Date();
  };

  /**
   * Lets the log go on past an event whose handler takes long: a letter stands for it until the handler has ended.
   *
   * @returns whether that could be done; else the log has to wait for `work`.
   */
  async setAside(event: SealedEvent, work: Promise<void>): Promise<boolean> {
    if (this.free === 0) return false;
    return this.reserving(1, async () => {
      const letter = await this.#written(event, TAKES_LONG).catch(() => null);
      if (letter === null) return false;
      void this.carry(letter, work);
      return true;
    });
  }

  /**
   * Writes down that an event is being handled, before it is: should that end the process, it is known of which event.
   *
   * @param again the log brings it again, and a letter stands for it.
   * @returns null where another letter stands in its way, it is to be tried again later, or too much is in hand that takes
   *   long; also when closing.
   */
  async begin(event: SealedEvent, { again }: { again: boolean }): Promise<LetterInHand | null> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; this.free === 0;) {
      if (this.#closing.signal.aborted || Date.now() > giveUpAt) return null;
      await pause(20, this.#closing.signal);
    }
    return this.reserving(1, async () => {
      if (!again) return this.#written(event, IN_HAND);
      const limits = { leaseMs: LEASE_MS, mostEndings: MOST_ENDINGS, held: this.held };
      const taken = await takeOver(this.#options.pool, event.id, limits);
      return taken === null ? null : { event, ...taken };
    });
  }

  /** A letter for what is being handled; null where there is one already. */
  async #written(event: SealedEvent, reason: string): Promise<LetterInHand | null> {
    const arrived = await keep(this.#options.pool, {
      arrival: { kind: 'event', event },
      status: 'retrying',
      reason,
      attempts: 1,
      endings: 1,
      waitMs: LEASE_MS,
    });
    return arrived === null ? null : { arrived, event, attempts: 1 };
  }

  /** How many more may be taken in hand. */
  get free(): number {
    return Math.max(0, AT_ONCE - this.#inHand.size - this.#reserved);
  }

  /** Counts so many as taken while `take` finds out which. */
  async reserving<T>(count: number, take: () => Promise<T>): Promise<T> {
    this.#reserved += count;
    try {
      return await take();
    } finally {
      this.#reserved -= count;
    }
  }

  /** The letters of what is in hand. */
  get held(): number[] {
    return [...this.#inHand.keys()];
  }

  /** Keeps the letter leased until `work`, its handling, ends; then removes it, or writes down why it failed. */
  carry(letter: LetterInHand, work: Promise<void>): Promise<void> {
    if (this.#inHand.size === 0) this.progressed();
    // The span of the handler has ended by the time that the log says what became of it.
    const carrying = withinTrace(letter.event.traceparent, () => this.#carry(letter, work));
    const carried = carrying.finally(() => {
      this.#inHand.delete(letter.arrived);
      this.progressed();
    });
    this.#inHand.set(letter.arrived, carried);
    return carried;
  }

  progress(): Progress {
    return { behind: this.#inHand.size, lastProgressAt: this.#lastProgressAt };
  }

  /** Waits for what is in hand; what can't be written down now is not waited for. */
  async close(): Promise<void> {
    this.#closing.abort();
    // What is being set aside at this moment comes into hand a moment later.
    while (this.#inHand.size > 0 || this.#reserved > 0) {
      await Promise.all(this.#inHand.values());
      await pause(10);
    }
  }

  async #carry(letter: LetterInHand, work: Promise<void>): Promise<void> {
    const { pool, logger } = this.#options;
    const { arrived } = letter;
    const renewal = setInterval(() => {
      renew(pool, arrived, LEASE_MS).catch((error: unknown) => {
        logger.warn({ emailId: letter.event.emailId, reason: reasonOf(error) }, 'lease not renewed');
      });
    }, LEASE_MS / 3);
    const write = await work
      .then(
        () => () => remove(pool, arrived),
        (error: unknown) => this.#failing(letter, error),
      )
      .finally(() => {
        clearInterval(renewal);
      });
    const again = () =>
      untilDone(write, {
        signal: this.#closing.signal,
        backoff: BACKOFF,
        onFailure: (error) => {
          logger.warn({ emailId: letter.event.emailId, reason: reasonOf(error) }, 'dead letter not written');
        },
      });
    // Once also when closing. What can't be written then: the lease runs out, and who takes it up asks the inbox first.
    await write()
      .catch(again)
      .catch((error: unknown) => {
        if (!(error instanceof ClosingError)) throw error;
      });
  }

  #failing({ arrived, event, attempts }: LetterInHand, error: unknown): () => Promise<void> {
    const { pool, retry, logger } = this.#options;
    const parked = isGivenUp(error, attempts, retry);
    const reason = reasonOf(error);
    logger[parked ? 'error' : 'warn'](
      { eventId: event.id, emailId: event.emailId, event: event.name, reason, attempts },
      parked ? 'dead letter: parked until a person replays it' : 'event not handled',
    );
    return () =>
      recordFailure(pool, arrived, {
        status: parked ? 'parked' : 'retrying',
        reason,
        attempts: countedOf(error, attempts, retry),
        waitMs: waitAfter(attempts, retry),
      });
  }
}
