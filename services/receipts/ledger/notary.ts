// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { signCheckpoint, unsigned } from './adapters/checkpoints.ts';
import type { LedgerSigner } from './adapters/ledger-signer.ts';

/** Signs, every so often, how far each ledger has come. Several replicas may: of one size there is one root. */
export function startNotary(
  { pool, logger }: Pick<Platform, 'pool' | 'logger'>,
  signer: LedgerSigner,
  seconds: number,
): { close: () => Promise<void> } {
  const work = async () => {
    for (const tenantId of await unsigned(pool))
      // What is wrong with the ledger of one organisation keeps no other from being signed.
      await signCheckpoint(pool, tenantId, signer, new Date()).catch((error: unknown) => {
        logger.warn({ tenantId, reason: reasonOf(error) }, 'the ledger was not signed, trying again');
      });
  };
  let inHand = Promise.resolve();
  const timer = setInterval(() => {
    inHand = inHand.then(work).catch((error: unknown) => {
      logger.warn({ reason: reasonOf(error) }, 'the ledger was not signed, trying again');
    });
  }, seconds * 1_000);
  return {
    async close() {
      clearInterval(timer);
      await inHand;
    },
  };
}
