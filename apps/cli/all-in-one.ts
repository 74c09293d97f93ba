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
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const part of opened.toReversed()) await part.close();
  };
  const open = async <Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    opened.push(part);
    return part;
  };
  try {
    // From the end of the way to its beginning: who takes mail starts last, and stops first.
    const receipts = await open(startReceipts(settings));
    const delivery = await open(startDelivery(settings));
    const crypto = await open(startCrypto(settings));
    const intake = await open(startIntake(settings));
    const front = await open(startFront(http, { intake, crypto, delivery, receipts }));
    return { url: front.url, smtpPort: intake.smtpPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}
