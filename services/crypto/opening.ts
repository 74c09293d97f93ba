// SPDX-License-Identifier: Apache-2.0
import {
  protectedMessageId,
  type Address,
  type AddressedRecipient,
  type NewEvent,
} from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { RevocationChecker } from '@securemail/smime';
import { addEntries } from './adapters/certificate-changes.ts';
import { certifyingFor } from './adapters/certifying.ts';
import { gatheredFor } from './adapters/gathered-directory.ts';
import { openFor, type Opening } from './adapters/opener.ts';
import type { OpeningMeans, Readers, Received } from './adapters/received.ts';
import type { Directory } from './domain/directory.ts';
import { harvestOf } from './domain/received/harvest.ts';
import type { CryptoSettings } from './settings.ts';

export interface OpeningSources {
  platform: Pick<Platform, 'pool' | 'vault' | 'tenants' | 'policies'>;
  settings: CryptoSettings;
  directory: Directory;
  revocation: RevocationChecker;
  at: Date;
  progressed: () => void;
}

/**
 * Opens a mail from outside for its readers: one message for all whose keys are the same. Nobody's key opens for anybody
 * else: who has a copy of a mail that was encrypted for one of our people cannot have it opened by sending it to another.
 *
 * @param messages how many messages of the email were made before.
 */
export async function openReceived(
  recipients: readonly AddressedRecipient[],
  received: Received,
  messages: number,
  sources: OpeningSources,
): Promise<NewEvent[]> {
  const means = meansOf(received, sources);
  const groups = readersOf(recipients, received, messages, sources);
  const openings: Opening[] = [];
  for (const readers of groups) {
    const opening = await openFor(readers, received, means);
    openings.push(opening);
    // It opened, and needed nobody's key: it is the same for everybody.
    if (openings.length === 1 && !opening.decrypted && opening.event.data.unopened === null) {
      const { data, personal } = opening.event;
      const recipientIds = recipients.map(({ recipientId }) => recipientId);
      opening.event = {
        ...opening.event,
        data: { ...data, recipientIds },
        personal: { ...personal, recipients: [...recipients] },
      };
      break;
    }
  }
  if (sources.settings.opening.harvest) await harvest(openings, received, sources);
  return openings.map(({ event }) => event);
}

function readersOf(
  recipients: readonly AddressedRecipient[],
  { tenantId }: Received,
  messages: number,
  { directory, platform, at }: OpeningSources,
): Readers[] {
  const tenant = platform.tenants.get(tenantId);
  const each = recipients.map((recipient) => ({
    recipient,
    unwrappers: directory.unwrappersFor(recipient.address),
  }));
  const groups = Map.groupBy(each, ({ unwrappers }) =>
    unwrappers.map(({ certificate }) => certificate.sha256).join(' '),
  );
  return [...groups.values()].flatMap((group, index) => {
    const own = group[0]?.recipient.address;
    if (own === undefined) return [];
    return {
      protectedMessageId: protectedMessageId(messages + index + 1),
      recipients: group.map(({ recipient }) => recipient),
      unwrappers: group[0]?.unwrappers ?? [],
      language: tenant === undefined ? 'en' : platform.policies.of(tenant, own).language,
      subjectTags: tenant?.inbound.subjectTags ?? { secure: null, insecure: null, invalid: null },
      certifying: certifyingFor(platform, { tenantId, own, received: true }, directory, at),
    };
  });
}

function meansOf(
  { tenantId }: Received,
  { platform, settings, directory, revocation, at, progressed }: OpeningSources,
): OpeningMeans {
  return {
    vault: platform.vault,
    directory,
    directoryFor: (from: Address) =>
      gatheredFor({ directory, pool: platform.pool, tenantId, ldap: null, smimea: null }, [from], at),
    revocation,
    legacy: settings.opening.legacy,
    at,
    progressed,
  };
}

/** Before the events: they are said once, and this may be said again. */
async function harvest(
  openings: readonly Opening[],
  { emailId, tenantId }: Received,
  { platform, directory, at }: OpeningSources,
): Promise<void> {
  const entries = openings.flatMap(({ signer }) =>
    signer === null ? [] : harvestOf(signer, { trustAnchors: directory.trustAnchors, at }),
  );
  if (entries.length === 0) return;
  const change = { tenantId, at, by: 'Secure@Mail', reason: `signed the mail ${emailId}` };
  await addEntries(platform.pool, change, entries.slice(0, 1));
}
