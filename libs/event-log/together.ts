// SPDX-License-Identifier: Apache-2.0
import type { Arrival, Deliver } from './event-log.ts';

interface Part {
  arrivals: readonly Arrival[];
  progressed: () => void;
  done: (result: Promise<void>) => void;
}

/**
 * Lets arrivals of several partitions that come within some milliseconds be delivered as one. One part's order is kept;
 * all of them succeed or fail together, and failing is what each part then tries again for itself.
 */
export function together(
  deliver: Deliver,
  { lingerMs, signal }: { lingerMs: number; signal: AbortSignal },
): (arrivals: readonly Arrival[], progressed: () => void) => Promise<void> {
  let gathered: Part[] = [];

  const deliverGathered = () => {
    const parts = gathered;
    gathered = [];
    const progressed = () => {
      for (const part of parts) part.progressed();
    };
    const result = deliver(
      parts.flatMap(({ arrivals }) => arrivals),
      { signal, progressed },
    );
    for (const part of parts) part.done(result);
  };

  return (arrivals, progressed) =>
    new Promise((resolve) => {
      if (gathered.length === 0) setTimeout(deliverGathered, lingerMs);
      gathered.push({ arrivals, progressed, done: resolve });
    });
}
