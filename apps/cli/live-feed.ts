// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type SealedEvent } from '@securemail/contracts';
import { createPool, GapSafeReader } from '@securemail/event-store';

const PAGE = 500;
const LOOK_EVERY_MS = 250;

/** Follows what every service appends from now on until the signal; each look gives its events in the order of time. */
export async function followEvents(
  databaseUrl: string,
  signal: AbortSignal,
  onEvents: (events: SealedEvent[]) => void,
): Promise<void> {
  const followers = await Promise.all(SERVICES.map((schema) => startFollower(databaseUrl, schema)));
  // What lay there before is passed over.
  await Promise.all(followers.map((each) => each.read()));
  while (!signal.aborted) {
    const events = (await Promise.all(followers.map((each) => each.read()))).flat();
    if (events.length > 0) onEvents(events.toSorted((a, b) => a.time.localeCompare(b.time)));
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(followers.map((each) => each.close()));
}

async function startFollower(databaseUrl: string, schema: string) {
  const pool = createPool({ url: databaseUrl, schema, max: 1 });
  const reader = new GapSafeReader(pool);
  let checkpoint = await reader.start();
  return {
    /** Everything new. */
    async read(): Promise<SealedEvent[]> {
      const found: SealedEvent[] = [];
      for (;;) {
        const { events, next } = await reader.read(checkpoint, PAGE);
        checkpoint = next;
        found.push(...events);
        if (events.length < PAGE) return found;
      }
    },
    close: () => pool.end(),
  };
}
