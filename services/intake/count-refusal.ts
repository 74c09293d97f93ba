// SPDX-License-Identifier: Apache-2.0
import { problemOf } from '@securemail/service';
import { ATTRIBUTE, count, countFromZero, METRIC } from '@securemail/telemetry';

/** Counts a mail that was not taken, by the problem that its sender is told. */
export function countRefusal(error: unknown): void {
  count(METRIC.emailsRefused, { [ATTRIBUTE.problem]: problemOf(error).slug });
}

/** Shows what is our fault before there is any: alerts look at it. */
export function countRefusalsFromZero(): void {
  for (const problem of ['storage-unavailable', 'internal', 'too-busy'])
    countFromZero(METRIC.emailsRefused, { [ATTRIBUTE.problem]: problem });
}
