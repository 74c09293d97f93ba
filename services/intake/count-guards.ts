// SPDX-License-Identifier: Apache-2.0
import type { GuardFinding } from '@securemail/contracts';
import { ATTRIBUTE, count, METRIC } from '@securemail/telemetry';

/** Counts what guards found in a mail, by what was done; to be called once that is durable. */
export function countGuards(findings: readonly GuardFinding[]): void {
  for (const { guard, action } of findings)
    count(METRIC.guardFindings, { [ATTRIBUTE.guard]: guard, [ATTRIBUTE.guardAction]: action });
}
