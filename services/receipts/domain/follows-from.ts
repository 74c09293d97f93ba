// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';

/** The span that settled the last recipient: the receipt follows from it, and never from that of somebody who looked. */
export function followsFrom(events: readonly SealedEvent[]): string | null {
  const byTime = events
    .filter(({ name }) => name !== 'EmailInspected')
    .toSorted((a, b) => a.time.localeCompare(b.time));
  return byTime.findLast(({ traceparent }) => traceparent !== null)?.traceparent ?? null;
}
