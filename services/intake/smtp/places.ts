// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';
import type { Logger } from '@securemail/telemetry';

/** Connections that are open at a port at one time, of everybody. */
export interface Places {
  /** @throws Problem `too-busy` */
  enter(connection: { id: string }): Promise<void>;
  /** One that never entered may leave, too. */
  leave(connection: { id: string }): void;
}

/** How often it is logged that all are taken, milliseconds. */
const NOTED_EACH_MS = 60_000;

/**
 * By hand, as what smtp-server itself refuses for its `maxClients` nobody gets to hear of, and is neither counted nor
 * named. Who was there first stays: what is refused takes no place.
 */
export function placesFor(most: number, port: 'submission' | 'inbound', logger: Logger): Places {
  const taken = new Set<string>();
  let notedAt = -Infinity;
  return {
    enter({ id }) {
      if (taken.size < most) {
        taken.add(id);
        return Promise.resolve();
      }
      if (performance.now() - notedAt > NOTED_EACH_MS) {
        notedAt = performance.now();
        logger.warn({ port, open: taken.size }, 'connections are refused, as too many are open');
      }
      return Promise.reject(new Problem('too-busy', 'Too many connections are open here.'));
    },
    leave({ id }) {
      taken.delete(id);
    },
  };
}
