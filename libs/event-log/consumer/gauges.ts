// SPDX-License-Identifier: Apache-2.0
import type { ServiceName } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { ATTRIBUTE, METRIC, observe } from '@securemail/telemetry';
import type { Running } from '../event-log.ts';
import { settledWithin } from '../settled-within.ts';
import { countDeadLetters, DEAD_LETTER_STATUSES } from './dead-letters.ts';

/** Shows what waits in a service, to who collects metrics. */
export function showWhatWaits(
  service: ServiceName,
  pool: Pool,
  parts: ReadonlyMap<string, Running>,
): { close: () => void } {
  const deadLetters = observe(METRIC.deadLetters, async () => {
    const counts = await countDeadLetters(pool);
    return DEAD_LETTER_STATUSES.map((status) => ({
      value: counts.get(status) ?? 0,
      attributes: { [ATTRIBUTE.service]: service, [ATTRIBUTE.deadLetterStatus]: status },
    }));
  });
  // Each by itself: one whose broker does not answer hides no other.
  const lags = [...parts].map(([part, running]) => showLag(service, part, running));
  return {
    close: () => {
      for (const gauge of [deadLetters, ...lags]) gauge.close();
    },
  };
}

/** Shows how many events are known to wait for a part of a service. */
export function showLag(service: ServiceName, part: string, running: Running): { close: () => void } {
  let asked: Promise<number> | null = null;
  /** One question at a time: where all connections wait for the same lock, they would pile up. */
  const ofGroup = () =>
    (asked ??= (running.lag?.() ?? Promise.resolve(0))
      .catch(() => 0)
      .finally(() => {
        asked = null;
      }));
  return observe(METRIC.eventLogLag, async () => {
    // What is in hand here is known also while the database gives no answer: that is when it has to be told.
    const { behind } = await running.progress();
    const counting = ofGroup();
    const waiting = (await settledWithin(counting, ANSWERED_WITHIN_MS)) ? await counting : 0;
    return [
      {
        value: Math.max(behind, waiting),
        attributes: { [ATTRIBUTE.service]: service, [ATTRIBUTE.eventLogPart]: part },
      },
    ];
  });
}

const ANSWERED_WITHIN_MS = 300;
