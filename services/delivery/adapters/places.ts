// SPDX-License-Identifier: Apache-2.0

export type Kind = 'own' | 'outside';

/** An attempt under way. */
export interface Place {
  /** A server has greeted: from now on the attempt moves something. */
  greeted: () => void;
  leave: () => void;
}

/** A server that is well has greeted by then. Milliseconds. */
const GREETED_WITHIN_MS = 2_000;
/** For each place, so many attempts may be under way that wait to be greeted. */
const WAITING_FOR_EACH = 10;

/**
 * Counts attempts under way. One that waits for a server to greet costs a socket and no work; so after two seconds it
 * gives its place to another one, and a hundred silent servers stand before nobody's mail.
 */
export class Places {
  readonly #concurrency: number;
  readonly #clock: () => number;
  readonly #taken = new Set<{ kind: Kind; since: number; greeted: boolean }>();

  constructor(concurrency: number, clock = () => performance.now()) {
    this.#concurrency = concurrency;
    this.#clock = clock;
  }

  /** Those to own servers and those to the outside are counted apart: whatever hangs outside, internal mail goes. */
  free(kind: Kind): number {
    const same = [...this.#taken].filter((each) => each.kind === kind);
    const young = this.#clock() - GREETED_WITHIN_MS;
    const atWork = same.filter(({ greeted, since }) => greeted || since > young);
    return Math.max(
      0,
      Math.min(this.#concurrency - atWork.length, this.#concurrency * WAITING_FOR_EACH - same.length),
    );
  }

  take(kind: Kind): Place {
    const taken = { kind, since: this.#clock(), greeted: false };
    this.#taken.add(taken);
    return {
      greeted: () => {
        taken.greeted = true;
      },
      leave: () => {
        this.#taken.delete(taken);
      },
    };
  }
}
