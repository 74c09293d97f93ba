// SPDX-License-Identifier: Apache-2.0
import { Address, foldedAddress } from '@securemail/contracts';
import type { Logger } from '@securemail/telemetry';
import { rereadFiles, type Looking } from '../files/reread-file.ts';
import type { Tenant } from '../settings/tenant.ts';
import type { MailboxLists } from './own-route.ts';

/** Which own mailboxes are on which servers, by the files that the tenants' routes name. */
export interface MailboxDirectory {
  of(tenant: Tenant): Promise<MailboxLists>;
}

/**
 * Reads every list once, and each again when its file was replaced.
 *
 * @throws where a list can not be read now, or two of a tenant name the same mailbox.
 */
export async function openMailboxDirectory(
  tenants: Iterable<Tenant>,
  logger: Logger,
  looking?: Looking,
): Promise<MailboxDirectory> {
  const files = rereadFiles('the list of mailboxes', mailboxesIn, logger, looking);
  const directory: MailboxDirectory = {
    async of({ mailRoutes }) {
      const lists = new Map<string, ReadonlySet<string>>();
      for (const { name, mailboxesFile } of mailRoutes)
        if (mailboxesFile !== undefined) lists.set(name, await files.contents(mailboxesFile));
      return lists;
    },
  };
  for (const tenant of tenants) {
    const seen = new Set<string>();
    for (const [route, mailboxes] of await directory.of(tenant)) {
      if ([...mailboxes].some((mailbox) => seen.has(mailbox)))
        throw new Error(
          `tenants: the list of the route "${route}" names a mailbox of tenant ${tenant.id} that another list has, too`,
        );
      for (const mailbox of mailboxes) seen.add(mailbox);
    }
  }
  return directory;
}

/** One address on each line; empty lines and those that begin with `#` say nothing. */
function mailboxesIn(text: string, file: string): ReadonlySet<string> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const mailboxes = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const address = Address.safeParse(entry);
    if (!address.success) throw new Error(`tenants: line ${index + 1} of ${file} is no address`);
    mailboxes.add(foldedAddress(address.data));
  }
  return mailboxes;
}
