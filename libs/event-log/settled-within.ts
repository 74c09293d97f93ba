// SPDX-License-Identifier: Apache-2.0
/** Whether a promise has come to its end, well or not, after so many milliseconds at most. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = Promise.withResolvers<boolean>();
  const timeout = setTimeout(() => {
    timer.resolve(false);
  }, ms);
  const settled = () => true;
  return Promise.race([work.then(settled, settled), timer.promise]).finally(() => {
    clearTimeout(timeout);
  });
}
