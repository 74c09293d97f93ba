// SPDX-License-Identifier: Apache-2.0
import { ATTRIBUTE, type Metric } from '@securemail/telemetry';

/** A metric as it is scraped: `_` for `.`, and counters end in `_total`. Histograms have `_bucket`, `_count` and `_sum`. */
export const scraped = ({ name, instrument }: Pick<Metric, 'name' | 'instrument'>): string =>
  `${name.replaceAll('.', '_')}${instrument === 'counter' ? '_total' : ''}`;

/** An attribute as a label. */
export const label = (attribute: keyof typeof ATTRIBUTE): string => ATTRIBUTE[attribute].replaceAll('.', '_');
