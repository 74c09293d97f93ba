// SPDX-License-Identifier: Apache-2.0
import { EpochChangedError, GapSafeReader, type Checkpoint, type Pool } from '@securemail/event-store';
import type { SealedEvent, ServiceName } from '@securemail/contracts';
import { pause } from '../backoff.ts';
import { sleeper } from '../sleeper.ts';
import { onAppended } from './wake-up.ts';

/** How long a reader sleeps that found nothing: short after activity, longer when idle. Milliseconds. */
const SHORTEST_POLL = 5;
const LONGEST_POLL = 100;

/** Each look costs round trips, however little it finds. Milliseconds. */
const DEFAULT_LINGER = 10;

export interface Following {
  /** The pool of the service whose events are read. */
  source: Pool;
  service: ServiceName;
  from: Checkpoint | null;
  signal: AbortSignal;
  batch: number;
  /** How long events may gather after some were dealt with, milliseconds. */
  lingerMs?: number;
  /** Deals with a batch for good and keeps the checkpoint, or throws. An empty batch says that nothing is left. */
  take: (events: SealedEvent[], next: Checkpoint) => Promise<void>;
  onRestart: () => void;
}

/** Follows a service's events table from a checkpoint on, until the signal. Begins again where the epoch changed. */
export async function follow({
  source,
  service,
  from,
  signal,
  batch,
  lingerMs = DEFAULT_LINGER,
  take,
  onRestart,
}: Following): Promise<void> {
  const reader = new GapSafeReader(source);
  let checkpoint = from ?? (await reader.start());
  let wait = SHORTEST_POLL;
  const { look, sleep, wake } = sleeper();
  const unsubscribe = onAppended(service, wake);
  try {
    while (!signal.aborted) {
      look();
      try {
        const { events, next } = await reader.read(checkpoint, batch);
        await take(events, next);
        checkpoint = next;
        wait = events.length > 0 ? SHORTEST_POLL : Math.min(LONGEST_POLL, wait * 2);
        if (events.length === batch) continue;
        if (events.length > 0) await pause(lingerMs, signal);
      } catch (error) {
        if (!(error instanceof EpochChangedError)) throw error;
        onRestart();
        checkpoint = await reader.start();
        continue;
      }
      if (await sleep(wait, signal)) wait = SHORTEST_POLL;
    }
  } finally {
    unsubscribe();
  }
}
