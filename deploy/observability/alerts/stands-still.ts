// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import { label } from '../label.ts';

/** Events that wait, and never fewer of them than a moment before; or, by far, more and more of them. */
export const standsStill = (part: string): string => {
  const lag = `max by (${label('service')}) (${scraped(METRIC.eventLogLag)}{${label('eventLogPart')}="${part}"})`;
  const least = (window: string) => `min_over_time(${lag}[${window}:30s])`;
  return (
    `(${least('5m')} > 0 and resets(${lag}[5m:30s]) == 0) or ` +
    `(${least('15m')} > 1000 and ${least('15m')} > max_over_time(${lag}[15m:30s] offset 15m))`
  );
};
