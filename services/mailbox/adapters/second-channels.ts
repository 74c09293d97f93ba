// SPDX-License-Identifier: Apache-2.0
import type { Address, TenantId } from '@securemail/contracts';
import { rereadFiles, type Platform } from '@securemail/service';
import { mobileNumbersIn, numberOf } from '../domain/mobile-numbers.ts';
import { httpSmsGateway } from './http-sms-gateway.ts';
import type { SecondChannel } from './second-channel.ts';

/** What the organisations have, and whom they reach by it. */
export interface SecondChannels {
  /** Null where the organisation has none. */
  of(tenantId: TenantId): OpenChannel | null;
}
interface OpenChannel extends SecondChannel {
  /** E.164; null: none is known. */
  numberOf(address: Address): Promise<string | null>;
}

/** @throws Error where a list of numbers can not be read or understood. */
export async function openSecondChannels({
  tenants,
  logger,
}: Pick<Platform, 'tenants' | 'logger'>): Promise<SecondChannels> {
  const lists = rereadFiles(
    'the list of mobile numbers',
    (text, file) => {
      try {
        return mobileNumbersIn(text);
      } catch (error) {
        const why = (error as Error).message;
        throw new Error(`tenants: the list of mobile numbers ${file} can not be understood: ${why}`, {
          cause: error,
        });
      }
    },
    logger,
  );
  const channels = new Map<TenantId, OpenChannel>();
  for (const { id, mailbox } of tenants.values()) {
    if (mailbox?.secondChannel === undefined) continue;
    const { numbersFile, gateway } = mailbox.secondChannel;
    await lists.contents(numbersFile);
    channels.set(id, {
      ...httpSmsGateway(gateway),
      numberOf: async (address) => numberOf(await lists.contents(numbersFile), address),
    });
  }
  return { of: (tenantId) => channels.get(tenantId) ?? null };
}
