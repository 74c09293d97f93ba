// SPDX-License-Identifier: Apache-2.0
import type { Email, Recipient } from './email.ts';
import { isHeld, isQuiet, isSettled, isTold, settledAt } from './standing.ts';

/** What an email that is not finished waits for, in the order in which one follows the other. */
export const STAGES = ['protection', 'delivery', 'retry', 'receipt', 'decision'] as const;
export type Stage = (typeof STAGES)[number];

/** What it waits for, and since when it does in the eyes of its sender; null once it is finished. */
export function stageOf(email: Email): { stage: Stage; since: string } | null {
  const underWay = email.recipients.filter((recipient) => !isSettled(recipient));
  for (const stage of ['protection', 'delivery', 'retry'] as const) {
    const since = underWay
      .filter((recipient) => waitsFor(recipient) === stage)
      .map(({ released }) => released?.at ?? email.acceptedAt)
      .toSorted()[0];
    if (since !== undefined) return { stage, since };
  }
  const settled = settledAt(email);
  // Delivery says how it went, and what was planned is not heard of yet.
  if (settled === null) return { stage: 'delivery', since: email.acceptedAt };
  if (!isTold(email) && !isQuiet(email)) return { stage: 'receipt', since: settled };
  return isHeld(email) ? { stage: 'decision', since: email.heldAt ?? settled } : null;
}

function waitsFor({ state }: Recipient): 'protection' | 'delivery' | 'retry' {
  switch (state.status) {
    case 'accepted':
    case 'released':
      return 'protection';
    case 'deferred':
    case 'outcome-unknown':
      return 'retry';
    case 'protected':
    case 'attempting':
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
