// SPDX-License-Identifier: Apache-2.0
import type { Email, Recipient } from './email.ts';
import { isHeld, isQuiet, isSettled, isTold, settledAt } from './standing.ts';

/**
 * What an email that is not finished waits for, in the order in which one follows the other: `attempt` for a mail server in
 * the first attempt, `retry` in all that follows; `receipt` until how it went is told, `receipt-mail` until that has arrived.
 */
export const STAGES = [
  'protection',
  'delivery',
  'attempt',
  'retry',
  'receipt',
  'receipt-mail',
  'decision',
] as const;
export type Stage = (typeof STAGES)[number];

/** What it waits for, and since when it does in the eyes of its sender, or the attempt goes on; null once it is finished. */
export function stageOf(email: Email): { stage: Stage; since: string } | null {
  const underWay = email.recipients.filter((recipient) => !isSettled(recipient));
  for (const stage of ['protection', 'delivery', 'attempt', 'retry'] as const) {
    const since = underWay
      .filter((recipient) => waitsFor(recipient) === stage)
      .map(({ released, state }) =>
        stage === 'attempt' && state.status === 'attempting'
          ? state.since
          : (released?.at ?? email.acceptedAt),
      )
      .toSorted()[0];
    if (since !== undefined) return { stage, since };
  }
  const settled = settledAt(email);
  // Delivery says how it went, and what was planned is not heard of yet.
  if (settled === null) return { stage: 'delivery', since: email.acceptedAt };
  if (!isTold(email) && !isQuiet(email)) return { stage: 'receipt', since: settled };
  const { receiptsUnderWaySince } = email;
  if (receiptsUnderWaySince !== null) return { stage: 'receipt-mail', since: receiptsUnderWaySince };
  return isHeld(email) ? { stage: 'decision', since: email.heldAt ?? settled } : null;
}

function waitsFor({ state, attempts }: Recipient): 'protection' | 'delivery' | 'attempt' | 'retry' {
  switch (state.status) {
    case 'accepted':
    case 'released':
      return 'protection';
    case 'attempting':
      return attempts > 1 ? 'retry' : 'attempt';
    case 'deferred':
    case 'outcome-unknown':
      return 'retry';
    case 'protected':
    case 'sent':
    case 'bounced':
    case 'declined':
    case 'expired':
    case 'held':
    case 'rejected':
      return 'delivery';
    default:
      return state satisfies never;
  }
}
