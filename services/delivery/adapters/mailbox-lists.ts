// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import { Address } from '@securemail/contracts';
import type { Tenant } from '@securemail/service';
import type { Logger } from '@securemail/telemetry';
import type { MailboxLists } from '../domain/own-route.ts';

interface Read {
  version: string;
  mailboxes: ReadonlySet<string>;
}

/** Which own mailboxes are on which servers, by the files that the tenants' routes name. */
export interface MailboxDirectory {
  of(tenant: Tenant): Promise<MailboxLists>;
}

/**
 * Reads every list once, and each again when its file was replaced. One that can not be read any more stays in use as it
 * was, and the log says so.
 *
 * @throws where a list can not be read now, or two of a tenant name the same mailbox.
 */
export async function openMailboxDirectory(
  tenants: Iterable<Tenant>,
  logger: Logger,
): Promise<MailboxDirectory> {
  const known = new Map<string, Read>();
  for (const tenant of tenants) {
    const lists = new Map<string, ReadonlySet<string>>();
    for (const { name, mailboxesFile } of tenant.mailRoutes) {
      if (mailboxesFile === undefined) continue;
      const read = await readList(mailboxesFile);
      const twice = [...read.mailboxes].find((mailbox) =>
        [...lists.values()].some((list) => list.has(mailbox)),
      );
      if (twice !== undefined)
        throw new Error(
          `tenants: ${mailboxesFile} names a mailbox of tenant ${tenant.id} that another list has, too`,
        );
      lists.set(name, read.mailboxes);
      known.set(mailboxesFile, read);
    }
  }

  const current = async (file: string): Promise<ReadonlySet<string>> => {
    const former = known.get(file);
    try {
      if (former?.version === (await versionOf(file))) return former.mailboxes;
      const read = await readList(file);
      known.set(file, read);
      return read.mailboxes;
    } catch (error) {
      if (former === undefined) throw error;
      logger.warn({ file }, 'a list of mailboxes can not be read: the former one stays in use');
      return former.mailboxes;
    }
  };
  return {
    async of({ mailRoutes }) {
      const lists = new Map<string, ReadonlySet<string>>();
      for (const { name, mailboxesFile } of mailRoutes)
        if (mailboxesFile !== undefined) lists.set(name, await current(mailboxesFile));
      return lists;
    },
  };
}

async function versionOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${mtimeMs} ${size} ${ino}`;
}

/** One address on each line; empty lines and those that begin with `#` say nothing. */
async function readList(file: string): Promise<Read> {
  const version = await versionOf(file).catch(() => {
    throw new Error(`tenants: the list of mailboxes ${file} can not be read`);
  });
  const lines = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  const mailboxes = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const address = Address.safeParse(text);
    if (!address.success) throw new Error(`tenants: line ${index + 1} of ${file} is no address`);
    mailboxes.add(address.data.toLowerCase());
  }
  return { version, mailboxes };
}
