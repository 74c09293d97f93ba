// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import { TILE_WIDTH } from '@securemail/ledger';
import type { Platform } from '@securemail/service';
import { ATTRIBUTE, count, countFromZero, METRIC, observe } from '@securemail/telemetry';
import type { LedgerSigner } from './adapters/ledger-signer.ts';
import { lookHowFar } from './adapters/reached.ts';
import { faultsFound, keepVerification, type Verification } from './adapters/verifications.ts';
import { verifyLedger, type LedgerFault } from './adapters/verify-ledger.ts';

/** Leaves a second at most: who reads and sends mail does not notice it. */
const PACE = 2_000;
/** Faults of which more is kept than their number. */
const MOST_KEPT = 100;
/** After a failure, milliseconds. */
const AGAIN = 60_000;
const KINDS = ['leaf', 'tile', 'checkpoint', 'history'] as const satisfies LedgerFault['kind'][];

function noteFault(
  found: Map<TenantId, Map<string, LedgerFault['kind']>>,
  tenantId: TenantId,
  fault: LedgerFault,
): void {
  const faults = found.get(tenantId) ?? new Map<string, LedgerFault['kind']>();
  if (faults.size < MOST_KEPT) faults.set(JSON.stringify(fault), fault.kind);
  found.set(tenantId, faults);
}

/** Goes through all ledgers again and again, in one process at a time, and says what is wrong with them. */
export function startVerifying(
  { pool, log, tenants, logger }: Pick<Platform, 'pool' | 'log' | 'tenants' | 'logger'>,
  signer: LedgerSigner | null,
  everyMinutes: number,
): { close: () => Promise<void> } {
  const closing = new AbortController();
  const howFar = lookHowFar(log, pool);
  countFromZero(METRIC.ledgerVerified);
  for (const kind of KINDS) countFromZero(METRIC.ledgerFaults, { [ATTRIBUTE.reason]: kind });
  /** What passes found that have not come to their end: by organisation, each once. */
  const unfinished = new Map<TenantId, Map<string, LedgerFault['kind']>>();
  const passes = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      let failed = false as boolean;
      for (const tenantId of tenants.keys()) {
        const pass: Omit<Verification, 'endedAt'> = {
          beganAt: new Date(),
          leaves: 0,
          faultCount: 0,
          faults: [],
        };
        const through = verifyLedger(pool, tenantId, {
          signer,
          signal,
          reached: () => howFar.look(),
          found: (fault) => {
            pass.faultCount += 1;
            if (pass.faults.length < MOST_KEPT) pass.faults.push(fault);
            noteFault(unfinished, tenantId, fault);
            count(METRIC.ledgerFaults, { [ATTRIBUTE.reason]: fault.kind });
            logger.error({ tenantId, ...fault }, 'the ledger is not what it was');
          },
          verified: async (leaves) => {
            pass.leaves += leaves;
            count(METRIC.ledgerVerified);
            await pause((TILE_WIDTH / PACE) * 1_000, signal);
          },
          looked: (events) => pause((events / PACE) * 1_000, signal),
        });
        try {
          if (!(await through)) continue;
          await keepVerification(pool, tenantId, { ...pass, endedAt: new Date() });
          unfinished.delete(tenantId);
        } catch (error) {
          // It keeps no other organisation's from being verified.
          failed = true;
          logger.warn(
            { tenantId, reason: reasonOf(error) },
            'the ledger could not be verified, trying again',
          );
        }
      }
      await pause(failed ? Math.min(AGAIN, everyMinutes * 60_000) : everyMinutes * 60_000, signal);
    }
  };
  // A pass may take hours, and so may the rest between two: what is wrong is told until one comes to its end and finds nothing.
  const watched = observe(METRIC.ledgerBroken, async () => {
    const found = await faultsFound(pool, [...tenants.keys()]);
    return KINDS.map((kind) => ({
      value: [...tenants.keys()].reduce((sum, tenantId) => {
        const kept = found.find((each) => each.tenantId === tenantId && each.kind === kind)?.faults ?? 0;
        const since = [...(unfinished.get(tenantId)?.values() ?? [])].filter((each) => each === kind).length;
        return sum + Math.max(kept, since);
      }, 0),
      attributes: { [ATTRIBUTE.reason]: kind },
    }));
  });
  const leading = async (signal: AbortSignal) => {
    await passes(signal).finally(() => {
      unfinished.clear();
    });
  };
  const running = whileLeader(pool, 'ledger-verification', closing.signal, leading, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the verification of ledgers could not begin, trying again');
  });
  return {
    async close() {
      watched.close();
      closing.abort();
      await running;
      await howFar.close();
    },
  };
}
