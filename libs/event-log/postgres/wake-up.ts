// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from 'node:events';
import type { ServiceName } from '@securemail/contracts';

/**
 * Tells readers in this process that a service has just committed an append, so that they need not wait for their
 * next poll. A hint only: readers in other processes, and missed hints, are served by polling. It stands in place of
 * Postgres' NOTIFY, which takes a global lock at commit.
 */
const appended = new EventEmitter().setMaxListeners(0);

export const signalAppended = (service: ServiceName): void => {
  appended.emit(service);
};

export function onAppended(service: ServiceName, listener: () => void): () => void {
  appended.on(service, listener);
  return () => appended.off(service, listener);
}
