// SPDX-License-Identifier: Apache-2.0

/** The first of these to come, or `timeout`. */
export async function within<T>(
  milliseconds: number,
  outcomes: readonly Promise<T>[],
): Promise<T | 'timeout'> {
  const { promise, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(resolve, milliseconds, 'timeout');
  try {
    return await Promise.race([...outcomes, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise that rejects with the reason of a signal, and a way to hear no more of it. */
export function abortOf(signal: AbortSignal | undefined): { promise: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const abort = () => {
    reject(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  return {
    promise,
    forget: () => {
      signal?.removeEventListener('abort', abort);
    },
  };
}
