// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventId, TenantId } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { prove } from './adapters/prove.ts';
import type { LedgerSigner } from './adapters/ledger-signer.ts';

export interface ProveOptions {
  /** What was just appended takes a moment until it is in the ledger: whether to wait for it. */
  waits: boolean;
}

/** @returns proofs of these events as a file; null where there are none, or none yet. Never fails: nothing waits for proofs. */
export type Prover = (
  tenantId: TenantId,
  eventIds: readonly EventId[],
  options: ProveOptions,
) => Promise<string | null>;

const EVERY_MS = 100;

/**
 * @param signer null: nobody signs, and nothing is proven.
 * @param patienceMs how long is waited for one, at most.
 * @param againAfterMs a ledger that stands still is not waited for by everybody who is told something.
 * @param now milliseconds, by which that is counted.
 */
export function openProver(
  { pool, logger }: Pick<Platform, 'pool' | 'logger'>,
  signer: LedgerSigner | null,
  { patienceMs = 3_000, againAfterMs = 60_000, now = Date.now } = {},
): Prover {
  let waitsFrom = 0;
  return async (tenantId, eventIds, { waits }) => {
    if (signer === null || eventIds.length === 0) return null;
    try {
      const isPatient = waits && now() >= waitsFrom;
      const until = isPatient ? Date.now() + patienceMs : 0;
      for (;;) {
        const proofs = await prove(pool, tenantId, signer, eventIds, new Date());
        if (proofs !== null) return proofs;
        if (Date.now() > until) break;
        await sleep(EVERY_MS);
      }
      if (!isPatient) return null;
      // Only who waited has found that it is in vain: nearly everything is asked for a moment too soon.
      waitsFrom = now() + againAfterMs;
      logger.warn({ tenantId }, 'receipts go without their proofs for a while: the ledger is behind');
    } catch (error) {
      logger.warn({ tenantId, reason: reasonOf(error) }, 'a receipt goes without its proof');
    }
    return null;
  };
}
