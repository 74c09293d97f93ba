// SPDX-License-Identifier: Apache-2.0
import { ATTRIBUTE, count, countFromZero, METRIC, type Attributes } from '@securemail/telemetry';
import { verdictOf, type AttemptOutcome } from '../domain/attempt.ts';
import type { Attempted } from './attempt.ts';

/** What the span of an attempt tells. */
export function attributesOf({ tls, results, connectionReused }: Attempted): Attributes {
  const { outcome, phase, reply } = verdictOf(results);
  return {
    [ATTRIBUTE.outcome]: outcome,
    [ATTRIBUTE.smtpPhase]: phase,
    [ATTRIBUTE.smtpReplyCode]: reply?.code,
    [ATTRIBUTE.smtpEnhancedCode]: reply?.enhancedCode ?? undefined,
    [ATTRIBUTE.smtpConnectionReused]: connectionReused ?? undefined,
    // The conventions want the number alone.
    [ATTRIBUTE.tlsProtocolVersion]: tls?.protocol.replace(/^TLSv/, ''),
    [ATTRIBUTE.tlsCipher]: tls?.cipher,
  };
}

/** Shows what alerts look at before there is any. */
export const countAttemptsFromZero = (): void => {
  countFromZero(METRIC.attempts, attemptOf([]));
};

/** To be called once it is recorded: of two workers that think they hold a job only one counts. */
export function countAttempt(results: AttemptOutcome['results']): void {
  count(METRIC.attempts, attemptOf(results));
}

/** Of no results the outcome is unknown. */
function attemptOf(results: AttemptOutcome['results']) {
  const { outcome, phase, reason } = verdictOf(results);
  return { [ATTRIBUTE.outcome]: outcome, [ATTRIBUTE.smtpPhase]: phase, [ATTRIBUTE.reason]: reason };
}
