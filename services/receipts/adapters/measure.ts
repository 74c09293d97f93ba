// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';
import { ATTRIBUTE, count, countFromZero, METRIC, record, withinTrace } from '@securemail/telemetry';
import type { Email } from '../domain/email.ts';
import { ownSeconds } from '../domain/own-time.ts';
import { promiseOf } from '../domain/promise.ts';
import { countedAs, isHeld, settledAt, stateOf } from '../domain/standing.ts';

/** What happens to a mail after it was sent, and makes its sender be told anew. */
const LATER = new Set<string | null>(['reported-later', 'withdrawn']);

/** Shows what alerts look at before there is any. */
export function measureFromZero(): void {
  countFromZero(METRIC.deadlinesMissed);
  for (const promise of ['whole', 'own'])
    for (const outcome of ['kept', 'missed'])
      countFromZero(METRIC.promises, { [ATTRIBUTE.promise]: promise, [ATTRIBUTE.outcome]: outcome });
  for (const direction of ['outbound', 'internal', 'inbound'])
    for (const outcome of ['sent', 'partly-sent', 'partly-held', 'not-sent', 'held'])
      countFromZero(METRIC.emailsSettled, { [ATTRIBUTE.direction]: direction, [ATTRIBUTE.outcome]: outcome });
}

/** Measures an email of which nothing more happens by itself; to be called once each time that this is so. */
export function measureSettled(email: Email, events: readonly DomainEvent[]): void {
  const acceptance = events.find(({ name }) => name === 'EmailAccepted');
  // By the trace of the acceptance the console finds it; what settles it may stand in another one.
  withinTrace(acceptance?.traceparent ?? null, () => {
    measure(email, events);
  });
}

function measure(email: Email, events: readonly DomainEvent[]): void {
  const of = { [ATTRIBUTE.direction]: email.direction };
  const seconds = secondsFrom(email.acceptedAt, settledAt(email) ?? email.acceptedAt);
  const cameBack = email.recipients.some(
    ({ state }) => state.status === 'declined' || (state.status === 'bounced' && LATER.has(state.failure)),
  );
  if (!isHeld(email) && !cameBack) record(METRIC.rawDuration, seconds, of);
  // The rest is measured when it is so first.
  if (email.receipt !== null || email.decisions > 0) return;
  const promise = promiseOf(email);
  // Of what was missed before it was counted then.
  if (promise === 'missed' && !email.deadlineMissed) measureMissed();
  const state = stateOf(email);
  count(METRIC.emailsSettled, { ...of, [ATTRIBUTE.outcome]: countedAs(email) });
  if (state === 'sent') record(METRIC.promiseDuration, seconds, of);
  const own = ownSeconds(events);
  if (own !== null) record(METRIC.ownDuration, own, of);
  // A person has all the time that he wants.
  if (state === 'held') return;
  if (own !== null) {
    const isKept = own <= secondsFrom(email.acceptedAt, email.deadlineAt);
    count(METRIC.promises, {
      [ATTRIBUTE.promise]: 'own',
      [ATTRIBUTE.outcome]: isKept ? 'kept' : 'missed',
    });
  }
  if (promise === 'kept')
    count(METRIC.promises, { [ATTRIBUTE.promise]: 'whole', [ATTRIBUTE.outcome]: 'kept' });
}

/** Counts an email that was not settled at its deadline; once. */
export function measureMissed(): void {
  count(METRIC.deadlinesMissed);
  count(METRIC.promises, { [ATTRIBUTE.promise]: 'whole', [ATTRIBUTE.outcome]: 'missed' });
}

/** Two services' clocks may differ by a little. */
const secondsFrom = (since: string, until: string): number =>
  Math.max(0, Date.parse(until) - Date.parse(since)) / 1_000;
