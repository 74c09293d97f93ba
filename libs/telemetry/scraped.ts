// SPDX-License-Identifier: Apache-2.0
import type { Metric } from './names.ts';

/** A metric as Prometheus scrapes it: `_` for `.`, and counters end in `_total`. Histograms have `_bucket`, `_count` and `_sum`. */
export const scraped = ({ name, instrument }: Pick<Metric, 'name' | 'instrument'>): string =>
  `${name.replaceAll('.', '_')}${instrument === 'counter' ? '_total' : ''}`;
