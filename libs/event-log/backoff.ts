// SPDX-License-Identifier: Apache-2.0

export interface Backoff {
  /** The first wait, milliseconds; each further one doubles it. */
  firstMs: number;
  /** No wait is longer, milliseconds. */
  longestMs: number;
}

/** The wait before try number `attempt + 1`, milliseconds, without jitter. */
export const waitAfter = (attempt: number, { firstMs, longestMs }: Backoff): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));

/** Sleeps, or returns early when the signal is given. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** The work was given up because the log is closing; what it was for is delivered again later. */
export class ClosingError extends Error {
  override name = 'ClosingError';
}

/** Tries until it succeeds, waiting longer and longer. @throws ClosingError once `signal` is given. */
export async function untilDone<T>(
  work: () => Promise<T>,
  {
    signal,
    backoff,
    onFailure,
  }: { signal: AbortSignal; backoff: Backoff; onFailure: (error: unknown) => void },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw new ClosingError('the event log is closing');
    try {
      return await work();
    } catch (error) {
      if (error instanceof ClosingError) throw error;
      onFailure(error);
      await pause(waitAfter(attempt, backoff), signal);
    }
  }
}
