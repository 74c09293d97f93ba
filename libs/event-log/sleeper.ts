// SPDX-License-Identifier: Apache-2.0

/** One that looks for work, sleeps while there is none, and can be woken. */
export interface Sleeper {
  /** It looks now: whatever wakes it from here on is for the next look. */
  look: () => void;
  /**
   * Sleeps so many milliseconds, or until it is woken, or not at all where that was since its last look.
   *
   * @returns whether it was woken.
   */
  sleep: (ms: number, signal: AbortSignal) => Promise<boolean>;
  wake: () => void;
}

export function sleeper(): Sleeper {
  let woken = false;
  let getUp = () => {};
  return {
    look() {
      woken = false;
    },
    sleep(ms, signal) {
      if (woken || signal.aborted) return Promise.resolve(woken);
      return new Promise((resolve) => {
        getUp = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', getUp);
          getUp = () => {};
          resolve(woken);
        };
        const timer = setTimeout(getUp, ms);
        signal.addEventListener('abort', getUp, { once: true });
      });
    },
    wake() {
      woken = true;
      getUp();
    },
  };
}
