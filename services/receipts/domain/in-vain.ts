// SPDX-License-Identifier: Apache-2.0
import type { DataOf, DomainEvent, RecipientId } from '@securemail/contracts';
import type { Email, Recipient, Tries } from './email.ts';

/** What an email is folded into so far. */
interface SoFar {
  tries: Tries;
  times: Email['times'];
  recipients: ReadonlyMap<RecipientId, Recipient>;
}

export const noTries = (): Tries => ({
  letGo: new Map(),
  waiting: new Map(),
  inVain: new Set(),
  holds: new Map(),
});

/** Notes whom a release lets go as they are, before it is counted. */
export function noteLetGo(
  { tries, times, recipients }: SoFar,
  { data, personal }: DomainEvent<'EmailReleased'>,
): void {
  const place = times.decisions.length;
  const corrected = new Set(personal?.changes.map(({ recipientId }) => recipientId));
  tries.waiting.set(place, data.recipientIds.length);
  for (const id of data.recipientIds) {
    const state = recipients.get(id)?.state;
    if (state?.status === 'held' && !corrected.has(id))
      tries.letGo.set(id, { place, because: state.because });
    else tries.letGo.delete(id);
  }
}

/** Notes whom a hold leaves as they were before one release, before it is counted. */
export function noteHeldAgain(
  { tries, times, recipients }: SoFar,
  { recipientIds, because }: DataOf<'EmailHeld'>,
): void {
  const { letGo, waiting, inVain, holds } = tries;
  const before = recipientIds.map((id) => ({ state: recipients.get(id)?.state, ...letGo.get(id) }));
  for (const id of recipientIds) letGo.delete(id);
  const place = before[0]?.place;
  const isAsBefore = before.every(
    (each) => each.place === place && each.because === because && each.state?.status === 'released',
  );
  if (place === undefined || !isAsBefore) return;
  holds.set(times.holds.length, place);
  const left = (waiting.get(place) ?? 0) - recipientIds.length;
  waiting.set(place, left);
  if (left === 0) inVain.add(place);
}

/** Whether all that the sender was not told of, since he was told of everybody, is releases that changed nothing. */
export function isAsTold({ times, told, toldDecisions, tries }: Omit<Email, 'recipients'>): boolean {
  const untold = (all: readonly string[], first: number) => all.slice(first).map((_, index) => first + index);
  return (
    toldDecisions !== null &&
    // Who was told meanwhile that somebody is under way again waits for how it ends.
    told.decisions <= toldDecisions &&
    times.setbacks.length <= told.setbacks &&
    untold(times.decisions, told.decisions).every((place) => tries.inVain.has(place)) &&
    // Who was told that somebody is under way again is told how that ended.
    untold(times.holds, told.holds).every((place) => (tries.holds.get(place) ?? -1) >= told.decisions)
  );
}
