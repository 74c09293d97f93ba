// SPDX-License-Identifier: Apache-2.0
import { metrics, type Meter } from '@opentelemetry/api';

/** Instruments under this name; their names stand in `names.ts`. Does nothing where metrics are not exported. */
export const meter = (name: string): Meter => metrics.getMeter(name);
