// SPDX-License-Identifier: Apache-2.0
import { startCrypto } from '@securemail/crypto';
import { startDelivery } from '@securemail/delivery';
import { startIntake } from '@securemail/intake';
import { startMailbox } from '@securemail/mailbox';
import { startReceipts } from '@securemail/receipts';
import type { HttpSettings } from '@securemail/service';
import { startFront } from './front.ts';
import type { AllSettings } from './settings.ts';

export interface RunningGateway {
  /** Where the whole API is, of all services. */
  url: string;
  smtpPort: number | null;
  /** Where mail from outside is taken. */
  inboundPort: number | null;
  /**
   * Takes nothing new, and lets each service finish what it has: those that work on events at once, as they would alone,
   * and those that are asked over HTTP once nobody asks any more.
   */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/** Runs every service in this process, each as it would run alone, behind one HTTP port. */
export async function startAllInOne(settings: AllSettings, http: HttpSettings): Promise<RunningGateway> {
  const asked: Closable[] = [];
  const working: Closable[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    const end = (part: Closable) =>
      part.close().catch((error: unknown) => {
        failures.push(error);
      });
    const oneAfterTheOther = async () => {
      for (const part of asked.toReversed()) await end(part);
    };
    await Promise.all([oneAfterTheOther(), ...working.map(end)]);
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };
  const openIn = async <Part extends Closable>(parts: Closable[], starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    parts.push(part);
    return part;
  };
  try {
    // From the end of the way to its beginning: who takes mail starts last, and stops first.
    const receipts = await openIn(asked, startReceipts(settings));
    const delivery = await openIn(working, startDelivery(settings));
    const mailbox = await openIn(asked, startMailbox(settings));
    const crypto = await openIn(working, startCrypto(settings));
    const intake = await openIn(asked, startIntake(settings));
    const front = await openIn(asked, startFront(http, { intake, crypto, delivery, mailbox, receipts }));
    const { smtpPort, inboundPort } = intake;
    return { url: front.url, smtpPort, inboundPort, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
