// SPDX-License-Identifier: Apache-2.0
import { problemOf } from '@securemail/service';
import { ATTRIBUTE, count, METRIC } from '@securemail/telemetry';

/** Counts a mail that was not taken, by the problem that its sender is told. */
export function countRefusal(error: unknown): void {
  count(METRIC.emailsRefused, { [ATTRIBUTE.problem]: problemOf(error).slug });
}
