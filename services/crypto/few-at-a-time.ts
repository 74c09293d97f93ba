// SPDX-License-Identifier: Apache-2.0

/**
 * Does `work` for each item, a few side by side.
 *
 * @returns what came of each, in the order of the items.
 * @throws the first error; nothing more is begun then, and what was begun has come to its end.
 */
export async function fewAtATime<T, R>(
  few: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  let failed: { error: unknown } | undefined;
  const worker = async () => {
    for (const [index, item] of waiting) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failed ??= { error };
      }
      if (failed !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: few }, worker));
  if (failed !== undefined) throw failed.error;
  return results;
}
