// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import { TILE_WIDTH } from '@securemail/ledger';
import type { Platform } from '@securemail/service';
import { ATTRIBUTE, count, countFromZero, METRIC } from '@securemail/telemetry';
import type { LedgerSigner } from './adapters/ledger-signer.ts';
import { verifyLedger, type LedgerFault } from './adapters/verify-ledger.ts';

/** Leaves a second at most: who reads and sends mail does not notice it. */
const PACE = 2_000;
const KINDS = ['leaf', 'tile', 'checkpoint', 'history'] as const satisfies LedgerFault['kind'][];

/** Goes through all ledgers again and again, in one process at a time, and says what is wrong with them. */
export function startVerifying(
  { pool, tenants, logger }: Pick<Platform, 'pool' | 'tenants' | 'logger'>,
  signer: LedgerSigner | null,
  everyMinutes: number,
): { close: () => Promise<void> } {
  const closing = new AbortController();
  countFromZero(METRIC.ledgerVerified);
  for (const kind of KINDS) countFromZero(METRIC.ledgerFaults, { [ATTRIBUTE.reason]: kind });
  const passes = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      for (const tenantId of tenants.keys())
        await verifyLedger(pool, tenantId, {
          signer,
          signal,
          found: (fault) => {
            count(METRIC.ledgerFaults, { [ATTRIBUTE.reason]: fault.kind });
            logger.error({ tenantId, ...fault }, 'the ledger is not what it was');
          },
          verified: async () => {
            count(METRIC.ledgerVerified);
            await pause((TILE_WIDTH / PACE) * 1_000, signal);
          },
        });
      await pause(everyMinutes * 60_000, signal);
    }
  };
  const running = whileLeader(pool, 'ledger-verification', closing.signal, passes, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the ledger could not be verified, trying again');
  });
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
