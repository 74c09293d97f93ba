// SPDX-License-Identifier: Apache-2.0
import { SERVICES } from '@securemail/contracts';
import type { EventLog, GroupReach, Reach } from '@securemail/event-log';
import type { Pool } from '@securemail/event-store';

/** Until when all that services appended has come; null: that is not known, and nothing can be missed yet. */
export interface Reached {
  /** To the ledger. */
  recorded: Date | null;
  /** To what receipts goes by. */
  heard: Date | null;
}

export interface LookingHowFar {
  /** To be called again and again; it knows little after the first time. */
  look(): Promise<Reached>;
  close(): Promise<void>;
}

/** How far the ledger and receipts itself are with what was appended: what is on its way is neither missing nor invented. */
export function lookHowFar(log: EventLog, pool: Pool): LookingHowFar {
  const [ledger, receipts] = ['ledger', 'receipts'].map((group) =>
    log.reachOf({ group, pool, sources: SERVICES }),
  ) as [GroupReach, GroupReach];
  return {
    async look() {
      const [recorded, heard] = await Promise.all([wholeUntil(ledger), wholeUntil(receipts)]);
      return { recorded, heard };
    },
    async close() {
      await Promise.all([ledger.close(), receipts.close()]);
    },
  };
}

/** A log that can't be looked at says nothing of anybody. */
async function wholeUntil(group: GroupReach): Promise<Date | null> {
  const reach: Reach = await group.look().catch(() => ({ until: null, behind: new Map() }));
  return [reach, ...reach.behind.values()]
    .map(({ until }) => until)
    .reduce((least, until) => (least === null || until === null ? null : least < until ? least : until));
}
