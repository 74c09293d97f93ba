// SPDX-License-Identifier: Apache-2.0

/**
 * Runs `work` over `items`: those of one key one after the other, in order; different keys side by side.
 *
 * @throws the first error, after everything already begun has come to its end.
 */
export async function forEachByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queues = [...Map.groupBy(items, keyOf).values()];
  let failed: { error: unknown } | undefined;
  const runner = async () => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const item of queue) {
        if (failed !== undefined) return;
        try {
          await work(item);
        } catch (error) {
          failed ??= { error };
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, queues.length) }, runner));
  if (failed !== undefined) throw failed.error;
}
