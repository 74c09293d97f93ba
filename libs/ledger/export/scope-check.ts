// SPDX-License-Identifier: Apache-2.0
import type { Scope } from './format.ts';
import type { Recorded } from './recorded.ts';
import type { Fault, FaultKind } from './verdict.ts';

export type Refuse = (kind: FaultKind, text: string, of?: Partial<Omit<Fault, 'kind' | 'text'>>) => void;

/** An event that is as the ledger has it, and where. */
export interface Genuine {
  recorded: Recorded;
  leaf: number;
  line: number;
}

/** Whether a file has all that it says it has. */
export interface ScopeCheck {
  /** The next leaves that are said to follow. */
  follow(leaf: number, line: number): void;
  take(genuine: Genuine): void;
  /** @param size leaves of the ledger at the checkpoint. */
  complete(size: number): void;
}

export const scopeCheck = (scope: Scope, refuse: Refuse): ScopeCheck =>
  scope.kind === 'range' ? rangeCheck(scope, refuse) : emailCheck(scope, refuse);

/** Every leaf, in order, with one before the range and one after it where there are such. */
function rangeCheck(
  { first, count, from, to }: Extract<Scope, { kind: 'range' }>,
  refuse: Refuse,
): ScopeCheck {
  const end = first + count;
  let next = first;
  let last: Recorded | null = null;
  const missing = (upTo: number, line: number | null) => {
    const which = upTo - next === 1 ? `leaf ${next}` : `leaves ${next} to ${upTo - 1}`;
    refuse('removed', `What the ledger has as ${which} is not in the file.`, { line, leaf: next });
  };
  return {
    follow(leaf, line) {
      if (leaf > next) missing(leaf, line);
      if (leaf < next) refuse('moved', `Leaf ${leaf} does not come in its turn.`, { line, leaf });
      next = Math.max(next, leaf + 1);
    },
    take({ recorded, leaf, line }) {
      const of = { line, leaf, eventId: recorded.id };
      if (last !== null && recorded.recordedAt < last.recordedAt)
        refuse('incomplete', `Leaf ${leaf} was recorded before the one that it comes after.`, of);
      const isBefore = from !== null && recorded.recordedAt < Date.parse(from);
      if (leaf === first && first > 0 && !isBefore)
        refuse('incomplete', 'What was recorded first in the range is not in the file.', of);
      last = recorded;
    },
    complete(size) {
      // There is always one beside a time in which nothing was recorded, so that who reads sees that nothing was.
      if (count === 0 && size > 0)
        refuse('incomplete', 'The ledger has events, and the file has none that shows where its range lies.');
      if (next < end) missing(end, null);
      if (next > end) refuse('added', `The file has more than the ${count} events that it says it has.`);
      const isAfter = to !== null && last !== null && last.recordedAt >= Date.parse(to);
      if (end !== size && !isAfter)
        refuse('incomplete', 'What was recorded last in the range is not in the file.');
    },
  };
}

/** Of each service, what it did with the email from the first on. */
function emailCheck({ emailId, count }: Extract<Scope, { kind: 'email' }>, refuse: Refuse): ScopeCheck {
  const sequences = new Map<string, number>();
  let [events, next] = [0, 0];
  return {
    follow(leaf, line) {
      if (leaf < next) refuse('moved', `Leaf ${leaf} does not come in its turn.`, { line, leaf });
      next = Math.max(next, leaf + 1);
    },
    take({ recorded, leaf, line }) {
      const of = { line, leaf, eventId: recorded.id };
      if (recorded.emailId !== emailId) {
        refuse('added', `Leaf ${leaf} is of another email.`, of);
        return;
      }
      events += 1;
      const { source, sequence } = recorded;
      const expected = (sequences.get(source) ?? 0) + 1;
      if (sequence !== expected)
        refuse(
          'removed',
          `Of what ${source} did with the email, number ${expected} is missing before number ${sequence}.`,
          of,
        );
      sequences.set(source, sequence);
    },
    complete() {
      // Signed it may be all the same: nothing of an email proves nothing of it, nor that it never was.
      if (count === 0) refuse('incomplete', `The file has nothing of the email ${emailId}.`);
      if (events !== count)
        refuse(
          'incomplete',
          `The file has ${events} of the ${count} events of the email that it says it has.`,
        );
    },
  };
}
