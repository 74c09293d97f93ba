// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type SealedEvent } from '@securemail/contracts';
import { createPool, GapSafeReader, migrateEventStore } from '@securemail/event-store';

const PAGE = 500;
const LOOK_EVERY_MS = 250;

/**
 * Follows what every service appends from now on until it is stopped, and then to its end; each look gives its events in
 * the order of time. The services need not have been started yet.
 */
export async function followEvents(
  databaseUrl: string,
  onEvents: (events: SealedEvent[]) => void,
): Promise<{ stop(): Promise<void> }> {
  for (const schema of SERVICES) await migrateEventStore({ url: databaseUrl, schema });
  const followers = await Promise.all(SERVICES.map((schema) => startFollower(databaseUrl, schema)));
  // What lay there before is passed over.
  await Promise.all(followers.map((each) => each.read()));
  const stopping = new AbortController();
  const lookOnce = async () => {
    const events = (await Promise.all(followers.map((each) => each.read()))).flat();
    if (events.length > 0) onEvents(events.toSorted((a, b) => a.time.localeCompare(b.time)));
  };
  const follow = async () => {
    while (!stopping.signal.aborted) {
      // A database that is slow or away for a moment: the next look has all of it.
      await lookOnce().catch(() => undefined);
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await lookOnce();
  };
  const following = follow();
  return {
    async stop() {
      stopping.abort();
      await following.finally(() => Promise.all(followers.map((each) => each.close())));
    },
  };
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
