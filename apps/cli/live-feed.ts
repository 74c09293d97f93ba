// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type SealedEvent } from '@securemail/contracts';
import { createPool, GapSafeReader } from '@securemail/event-store';

/** Follows what every service appends from now on, in the order it is seen, until the signal. */
export async function followEvents(
  databaseUrl: string,
  signal: AbortSignal,
  onEvent: (event: SealedEvent) => void,
): Promise<void> {
  await Promise.all(
    SERVICES.map(async (schema) => {
      const pool = createPool({ url: databaseUrl, schema, max: 1 });
      try {
        const reader = new GapSafeReader(pool);
        let checkpoint = await reader.start();
        for (let first = true; !signal.aborted;) {
          const { events, next } = await reader.read(checkpoint, 500);
          checkpoint = next;
          if (!first) events.forEach(onEvent);
          // What lay there before is skipped, page by page.
          if (events.length < 500) first = false;
          if (events.length === 0) await sleep(200, undefined, { signal }).catch(() => undefined);
        }
      } finally {
        await pool.end();
      }
    }),
  );
}
