// SPDX-License-Identifier: Apache-2.0
import type { Running } from './event-log.ts';
import { settledWithin } from './settled-within.ts';

/** Who asks after us has little patience; relays ask brokers with two seconds of their own. */
const PATIENCE_MS = 3_000;

export interface Health {
  /** False: work waits and nothing has moved for too long; a restart is the remedy, so liveness must fail. */
  alive: boolean;
  parts: { name: string; behind: number; lastProgressAt: string; stalled: boolean }[];
}

/**
 * Tells whether everything that runs makes progress. A consumer can be connected, heart-beating and dead:
 * only "work waits and none is finished" is proof.
 */
export async function healthOf(
  parts: ReadonlyMap<string, Running>,
  { now, stalledAfterMs }: { now: Date; stalledAfterMs: number },
): Promise<Health> {
  const read = await Promise.all(
    [...parts].map(async ([name, running]) => {
      // A broker or database that can't be asked is a matter of readiness; restarting us would not mend it.
      const asked = running.progress().catch(() => null);
      const isTold = await settledWithin(asked, PATIENCE_MS);
      const progress = (isTold ? await asked : null) ?? { behind: 0, lastProgressAt: now };
      const standsFor = now.getTime() - progress.lastProgressAt.getTime();
      return {
        name,
        behind: progress.behind,
        lastProgressAt: progress.lastProgressAt.toISOString(),
        stalled: progress.behind > 0 && standsFor > stalledAfterMs,
      };
    }),
  );
  return { alive: read.every((part) => !part.stalled), parts: read };
}
