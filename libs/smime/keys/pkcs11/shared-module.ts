// SPDX-License-Identifier: Apache-2.0
import { CK, codeOf, type Cryptoki } from './cryptoki.ts';

/** How long a start anew waits for what is under way, milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * A module that a process has started, with all who use it. One that has lost its token, as where the network was away,
 * often finds it no more until it is started anew; that ends the sessions of everybody, so it is done while nobody is in
 * one, and each then has a new {@link generation}.
 */
export class SharedModule {
  readonly cryptoki: Cryptoki;
  /** Sessions, keys and slots of an earlier one must not be named any more: the numbers may be another's now. */
  generation = 0;
  /** Who asked for it. */
  users = 0;
  readonly #isOurs: boolean;
  #inUse = 0;
  #whenIdle: (() => void) | null = null;
  #restarting: Promise<boolean> | null = null;
  #restartedAt = Number.NEGATIVE_INFINITY;

  /** @param isOurs false: somebody else in this process started it, and ends it. */
  constructor(cryptoki: Cryptoki, isOurs: boolean) {
    this.cryptoki = cryptoki;
    this.#isOurs = isOurs;
  }

  /** Does something while the module is not started anew. */
  async use<T>(operate: () => Promise<T>): Promise<T> {
    while (this.#restarting !== null) await this.#restarting;
    this.#inUse += 1;
    try {
      return await operate();
    } finally {
      this.#inUse -= 1;
      if (this.#inUse === 0) this.#whenIdle?.();
    }
  }

  /**
   * Starts it anew, for all who ask at the same time once.
   *
   * @param seen the generation that was of no use.
   * @param everyMs not more often than so.
   * @returns whether there is another generation than that.
   */
  restart(seen: number, everyMs: number): Promise<boolean> {
    if (seen !== this.generation) return Promise.resolve(true);
    this.#restarting ??= this.#restart(everyMs).finally(() => (this.#restarting = null));
    return this.#restarting;
  }

  async #restart(everyMs: number): Promise<boolean> {
    if (!this.#isOurs || performance.now() - this.#restartedAt < everyMs) return false;
    const isIdle = await this.#idle();
    this.#restartedAt = performance.now();
    if (!isIdle) return false;
    this.end();
    this.generation += 1;
    try {
      initialize(this.cryptoki);
      return true;
    } catch (error) {
      if (codeOf(error) === null) throw error;
      return false;
    }
  }

  async #idle(): Promise<boolean> {
    if (this.#inUse === 0) return true;
    let limit: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
      limit = setTimeout(resolve, PATIENCE_MS);
    });
    clearTimeout(limit);
    this.#whenIdle = null;
    return this.#inUse === 0;
  }

  end(): void {
    if (!this.#isOurs) return;
    try {
      this.cryptoki.C_Finalize();
    } catch (error) {
      // Where it could not be started anew.
      if (codeOf(error) !== 'CKR_CRYPTOKI_NOT_INITIALIZED') throw error;
    }
  }
}

export function initialize(cryptoki: Cryptoki): void {
  cryptoki.C_Initialize({ flags: CK.CKF_OS_LOCKING_OK });
}
