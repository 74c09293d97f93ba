// SPDX-License-Identifier: Apache-2.0

/** Numbers by chance, the same for the same seed (mulberry32). */
export interface Random {
  /** An integer, both ends included. */
  between: (least: number, most: number) => number;
  /** @throws RangeError where there is nothing to pick. */
  pick: <T>(from: readonly T[]) => T;
  /** So many decimal digits. */
  digits: (count: number) => string;
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    pick(from) {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    digits: (count) => Array.from({ length: count }, () => between(0, 9)).join(''),
  };
}
