// SPDX-License-Identifier: Apache-2.0
import {
  protectedMessageId,
  type Address,
  type AddressedRecipient,
  type NewEvent,
} from '@securemail/contracts';
import type { ForwardingDirectory, Platform } from '@securemail/service';
import type { RevocationChecker } from '@securemail/smime';
import { addEntries } from './adapters/certificate-changes.ts';
import { gatheredFor } from './adapters/gathered-directory.ts';
import { openFor, type Opening } from './adapters/opener.ts';
import { readersOf, staysClosed } from './adapters/readers.ts';
import type { OpeningMeans, Received } from './adapters/received.ts';
import type { Directory } from './domain/directory.ts';
import { harvestOf } from './domain/received/harvest.ts';
import type { CryptoSettings } from './settings.ts';

export interface OpeningSources {
  platform: Pick<Platform, 'pool' | 'vault' | 'tenants' | 'policies'>;
  settings: CryptoSettings;
  directory: Directory;
  revocation: RevocationChecker;
  forwardings: ForwardingDirectory;
  at: Date;
  progressed: () => void;
}

/**
 * Opens a mail from outside for its readers: one message for all whose keys are the same. Nobody's key opens for anybody
 * else: who has a copy of a mail that was encrypted for one of our people cannot have it opened by sending it to another.
 * What was written in SecureMailBox came encrypted to no mailbox, and has nothing to stay closed in: for whose mailbox would
 * pass it on it is held.
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
  const tenant = sources.platform.tenants.get(received.tenantId);
  const forwardsOutside = tenant === undefined ? () => false : await sources.forwardings.of(tenant);
  const isHeld = ({ address }: AddressedRecipient) =>
    received.channel === 'mailbox' && staysClosed(address, received, { ...sources, forwardsOutside });
  const { held = [], readers = [] } = Object.groupBy(recipients, (each) =>
    isHeld(each) ? 'held' : 'readers',
  );
  const groups = readersOf(readers, received, { ...sources, forwardsOutside });
  const openings: Opening[] = [];
  // What opened and needed nobody's key is the same for all to whom it is shown in the same way.
  const keyless = new Map<string, Opening>();
  for (const { shownAs, ...group } of groups) {
    const same = keyless.get(shownAs);
    if (same !== undefined) {
      same.event = forMore(same.event, group.recipients);
      continue;
    }
    const id = protectedMessageId(messages + openings.length + 1);
    const opening = await openFor({ protectedMessageId: id, ...group }, received, means);
    openings.push(opening);
    if (!opening.decrypted && opening.event.data.unopened === null) keyless.set(shownAs, opening);
  }
  if (sources.settings.opening.harvest) await harvest(openings, received, sources);
  const events: NewEvent[] = openings.map(({ event }) => event);
  if (held.length > 0)
    events.push({
      name: 'EmailHeld',
      data: {
        recipientIds: held.map(({ recipientId }) => recipientId),
        because: 'forwards-outside',
        endsAt: null,
      },
      personal: null,
    });
  return events;
}

const forMore = (
  event: NewEvent<'EmailOpened'>,
  more: readonly AddressedRecipient[],
): NewEvent<'EmailOpened'> => {
  const recipients = [...event.personal.recipients, ...more];
  const recipientIds = recipients.map(({ recipientId }) => recipientId);
  return {
    ...event,
    data: { ...event.data, recipientIds },
    personal: { ...event.personal, recipients },
  };
};

function meansOf(
  { tenantId, acceptedAt }: Received,
  { platform, settings, directory, revocation, at, progressed }: OpeningSources,
): OpeningMeans {
  return {
    vault: platform.vault,
    directory,
    directoryFor: (from: Address) =>
      gatheredFor(
        { directory, pool: platform.pool, tenantId, ldap: null, smimea: null },
        [from],
        new Date(acceptedAt),
      ),
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
    signer === null ? [] : harvestOf(signer, { anchorsFor: directory.anchorsFor, at }),
  );
  if (entries.length === 0) return;
  const change = { tenantId, at, by: 'Secure@Mail', reason: `signed the mail ${emailId}` };
  await addEntries(platform.pool, change, entries.slice(0, 1));
}
