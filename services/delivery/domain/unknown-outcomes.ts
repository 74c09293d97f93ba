// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';
import type { Job, RetryRules } from './attempt.ts';

/** So many times nobody knows whether a message arrived, and then a person decides: each time may have been a copy. */
const MOST_COPIES = 3;

/** The rules for a job whose outcome is unknown once more, after what is recorded of its email. */
export function rulesAfterUnknown(job: Job, recorded: readonly DomainEvent[], rules: RetryRules): RetryRules {
  // Of every message for them: who lets one be sent again makes another of it.
  const unknown = recorded.filter((event) => event.name === 'OutcomeUnknown');
  const copies = job.recipientIds.map(
    (recipientId) => unknown.filter(({ data }) => data.recipientIds.includes(recipientId)).length + 1,
  );
  return Math.max(...copies) < MOST_COPIES ? rules : { ...rules, whenOutcomeUnknown: 'hold' };
}
