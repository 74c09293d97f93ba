// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import { label } from '../label.ts';

/** PromQL for how many seconds the oldest email of a stage has been in it. */
export const oldest = (stage: string): string =>
  `max(${scraped(METRIC.oldestAge)}{${label('stage')}=~"${stage}"})`;
