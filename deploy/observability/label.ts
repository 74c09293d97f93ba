// SPDX-License-Identifier: Apache-2.0
import { ATTRIBUTE } from '@securemail/telemetry';

/** An attribute as Prometheus has it: a label. */
export const label = (attribute: keyof typeof ATTRIBUTE): string => ATTRIBUTE[attribute].replaceAll('.', '_');
