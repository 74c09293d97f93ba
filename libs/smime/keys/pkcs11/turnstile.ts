// SPDX-License-Identifier: Apache-2.0
/** Lets so many through at a time, in the order they came. */
export function turnstile(most: number) {
  const waiting: (() => void)[] = [];
  const inside = new Set<Promise<unknown>>();
  let free = most;
  let shut: Error | null = null;

  const enter = async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };

  return {
    async pass<T>(operate: () => Promise<T>): Promise<T> {
      if (shut !== null) throw shut;
      const passed = enter().then(operate).finally(leave);
      inside.add(passed);
      try {
        return await passed;
      } finally {
        inside.delete(passed);
      }
    },
    /** Lets nobody in any more, and waits for those who came before. */
    async shut(because: Error): Promise<void> {
      shut = because;
      await Promise.allSettled(inside);
    },
  };
}
