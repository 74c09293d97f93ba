// SPDX-License-Identifier: Apache-2.0
import { foldedAddress, withoutDetail, type Address, type TenantId } from '@securemail/contracts';
import { forwardsOutside, readMailboxList, unshownIn, type MailboxList } from '@securemail/forwarding';
import type { Logger } from '@securemail/telemetry';
import { rereadFiles, type Looking } from './files/reread-file.ts';
import type { Tenant } from './settings/tenant.ts';

type Own = Pick<Tenant, 'id' | 'domains' | 'forwardingFiles'>;

/** Which own mailboxes forward outside; `readExchangeLists` is the adapter for files. */
export interface ForwardingDirectory {
  of(tenant: Own): Promise<(mailbox: Address) => boolean>;
}

/**
 * By the lists that `forwardingFiles` names.
 *
 * @throws where one can not be read now.
 */
export async function readExchangeLists(
  tenants: Iterable<Tenant>,
  logger: Logger,
  looking?: Looking,
): Promise<ForwardingDirectory> {
  const lists = rereadFiles(
    'the list of mailboxes',
    (text, file) => understood(text, file, logger),
    logger,
    looking,
  );
  const workedOut = new Map<TenantId, { all: readonly MailboxList[]; outside: ReadonlySet<string> }>();
  const outsideOf = async ({ id, domains, forwardingFiles }: Own): Promise<ReadonlySet<string>> => {
    const all = await Promise.all(forwardingFiles.map((file) => lists.contents(file)));
    const former = workedOut.get(id);
    if (former?.all.every((list, index) => list === all[index]) === true) return former.outside;
    const outside = forwardsOutside(all, domains);
    workedOut.set(id, { all, outside });
    const mailboxes = unshownIn(all).size;
    if (mailboxes > 0)
      logger.warn(
        { tenantId: id, mailboxes },
        'of some mailboxes the lists do not show every rule; they count as forwarding outside',
      );
    return outside;
  };
  const directory: ForwardingDirectory = {
    async of(tenant) {
      const outside = await outsideOf(tenant);
      const forwards = (mailbox: Address) => outside.has(foldedAddress(mailbox));
      return (address) => {
        const mailbox = withoutDetail(address);
        return forwards(address) || (mailbox !== null && forwards(mailbox));
      };
    },
  };
  for (const tenant of tenants) await directory.of(tenant);
  return directory;
}

function understood(text: string, file: string, logger: Logger): MailboxList {
  try {
    const list = readMailboxList(text);
    for (const { line, message } of list.faults)
      logger.warn({ file, line }, `a list of mailboxes: ${message}`);
    return list;
  } catch (error) {
    throw new Error(`tenants: ${file}: ${error instanceof Error ? error.message : 'no list of mailboxes'}`);
  }
}
