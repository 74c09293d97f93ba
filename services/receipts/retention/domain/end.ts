// SPDX-License-Identifier: Apache-2.0
import type { Email } from '../../domain/email.ts';
import { stageOf, type Stage } from '../../domain/stages.ts';
import { settledAt } from '../../domain/standing.ts';

/** What is waited for: its stage, or that a message in SecureMailBox ends. */
export interface NotEnded {
  waitsFor: Stage | 'reading';
  /** When that ends by itself; null: nobody knows. */
  until: string | null;
}

/**
 * When an email came to its end: everybody is settled, how it went is told, and nothing of it can be read in SecureMailBox
 * any more. Its retention begins then.
 *
 * @param nobodyToTell whether its sender can't be told anything any more.
 */
export function endOf(email: Email, nobodyToTell: boolean, now: Date): { endedAt: string } | NotEnded {
  const stage = stageOf(email);
  if (stage !== null && !(stage.stage === 'receipt' && nobodyToTell))
    return { waitsFor: stage.stage, until: null };
  // Who says that it is not for him, and whoever takes it back, ends it before its time.
  const readable = email.recipients.flatMap(({ state, deposit }) =>
    state.status === 'sent' && deposit !== null ? [deposit.endsAt] : [],
  );
  const last = readable.toSorted().at(-1) ?? null;
  if (last !== null && Date.parse(last) > now.getTime()) return { waitsFor: 'reading', until: last };
  const settled = settledAt(email) ?? email.acceptedAt;
  return { endedAt: last !== null && last > settled ? last : settled };
}
