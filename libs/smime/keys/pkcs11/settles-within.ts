// SPDX-License-Identifier: Apache-2.0
/** Whether a promise has come to its end, well or not, after so many milliseconds at most. */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const limit = setTimeout(resolve, ms, false);
  const settled = () => true;
  try {
    return await Promise.race([work.then(settled, settled), late]);
  } finally {
    clearTimeout(limit);
  }
}
