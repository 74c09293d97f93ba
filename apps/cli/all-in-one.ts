// SPDX-License-Identifier: Apache-2.0
import { startCrypto } from '@securemail/crypto';
import { startDelivery } from '@securemail/delivery';
import { startIntake } from '@securemail/intake';
import { startReceipts } from '@securemail/receipts';
import type { HttpSettings } from '@securemail/service';
import { startFront } from './front.ts';
import type { AllSettings } from './settings.ts';

export interface RunningGateway {
  /** Where the whole API is, of all services. */
  url: string;
  smtpPort: number | null;
  /** Stops taking mail first, then lets each service finish what it has, in the direction mail flows. */
  close(): Promise<void>;
}

/** Runs every service in this process, each as it would run alone, behind one HTTP port. */
export async function startAllInOne(settings: AllSettings, http: HttpSettings): Promise<RunningGateway> {
  // From the end of the way to its beginning: who takes mail starts last.
  const receipts = await startReceipts(settings);
  const delivery = await startDelivery(settings);
  const crypto = await startCrypto(settings);
  const intake = await startIntake(settings);
  const front = await startFront(http, { intake: intake.handler, receipts: receipts.handler });
  return {
    url: front.url,
    smtpPort: intake.smtpPort,
    async close() {
      await front.close();
      for (const service of [intake, crypto, delivery, receipts]) await service.close();
    },
  };
}
