// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';

/** Why nothing of a session is shown any more: signed out, at its end, or another person is signed in in this browser. */
export type Over = 'out' | 'ended' | 'other';

let over: Over | null = null;
const listeners = new Set<() => void>();

export const standing = (): Over | null => over;

export function setStanding(now: Over | null): void {
  over = now;
  for (const listener of listeners) listener();
}

const listen = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** null: it goes on, or none was seen yet. */
export const useStanding = (): Over | null => useSyncExternalStore<Over | null>(listen, standing, () => null);
