// SPDX-License-Identifier: Apache-2.0
import type { Case } from './cases.ts';
import type { PeerName } from './peers.ts';

/** Guesses from what a peer took for less how long it will take for more, so that nobody waits for minutes. */
export class Patience {
  readonly #seconds: number;
  readonly #known = new Map<string, { bytes: number; seconds: number }>();

  /** @param seconds that one operation of a peer may take. */
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** The seconds that it would take, where that is more than there is patience for. */
  tooLong(peer: PeerName, each: Case): number | null {
    const known = this.#known.get(keyOf(peer, each));
    if (known === undefined) return null;
    const guess = known.seconds * Math.max(1, each.bytes / known.bytes);
    return guess > this.#seconds ? guess : null;
  }

  took(peer: PeerName, each: Case, seconds: number): void {
    this.#known.set(keyOf(peer, each), { bytes: each.bytes, seconds });
  }
}

const keyOf = (peer: PeerName, { op, alg, recipients }: Case) => `${peer} ${op} ${alg} ${recipients}`;
