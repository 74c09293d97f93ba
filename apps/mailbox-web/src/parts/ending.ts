// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';

/** That a session ends soon: somebody is told, and has the time to have it go on (WCAG 2.2, 2.2.1). */
export interface Ending {
  /** By the clock of this browser. Milliseconds. */
  at: number;
  /** Whatever is done. */
  isFixed: boolean;
}

let ending: Ending | null = null;
const listeners = new Set<() => void>();

export function setEnding(now: Ending | null): void {
  // A moment more or less is the same end.
  if (now?.isFixed === ending?.isFixed && Math.abs((now?.at ?? 0) - (ending?.at ?? 0)) < 2_000) return;
  ending = now;
  for (const listener of listeners) listener();
}

const listen = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** null: it goes on for longer, or there is none. */
export const useEnding = (): Ending | null =>
  useSyncExternalStore<Ending | null>(
    listen,
    () => ending,
    () => null,
  );
