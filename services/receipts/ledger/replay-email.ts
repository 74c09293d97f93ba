// SPDX-License-Identifier: Apache-2.0
import type { EmailId, SealedEvent, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { ProjectedEmail } from '../domain/projected.ts';
import { leavesOf } from './adapters/read-ledger.ts';
import { openPartOf, sealedIn } from './adapters/readable.ts';
import { stateFrom } from './replay.ts';

/** A moment in the history of an email; without either, now. */
export interface Until {
  /** Only what was recorded before then. */
  at?: Date | undefined;
  /** Only this leaf of the ledger, and what comes before it: of what was recorded at once, a part. */
  leaf?: number | undefined;
}

export interface ReplayedEmail {
  /** What it is made of, in the order of the ledger. */
  recorded: { leaf: number; recordedAt: Date; event: SealedEvent }[];
  /** Null where it was not accepted by then, or is no email. */
  projected: ProjectedEmail | null;
  /** Leaves that are no events any more, whenever they were recorded. */
  unreadable: number[];
}

/** Makes the state of one email as it was at a moment, from what the ledger has and from nothing else. */
export async function replayEmail(
  pool: Pool,
  tenantId: TenantId,
  emailId: EmailId,
  { at, leaf: last = Number.MAX_SAFE_INTEGER - 1 }: Until,
): Promise<ReplayedEmail> {
  const recorded: ReplayedEmail['recorded'] = [];
  const unreadable: number[] = [];
  for (const { index: leaf, text } of await leavesOf(pool, tenantId, emailId, last + 1)) {
    const read = sealedIn(text);
    if (read === null || openPartOf(read.event) === null) unreadable.push(leaf);
    else if (at === undefined || read.recordedAt < at) recorded.push({ leaf, ...read });
  }
  const { projected } = stateFrom({
    emailId,
    events: recorded.map(({ event }) => event),
    leaves: recorded.map(({ leaf }) => leaf),
    unreadable,
  });
  return { recorded, projected, unreadable };
}
