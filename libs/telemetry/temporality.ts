// SPDX-License-Identifier: Apache-2.0
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';

/**
 * Of a gauge only what was observed now: of a cumulative one the SDK tells for ever what it was told last, also where nobody
 * could read it since. Of all others their sums, as Prometheus wants them.
 */
export const temporalityOf = (type: InstrumentType): AggregationTemporality =>
  type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
