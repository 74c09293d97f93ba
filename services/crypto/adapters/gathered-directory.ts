// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Certificate } from '@securemail/smime';
import type { Directory } from '../domain/directory.ts';
import type { EntryName } from '../domain/entry.ts';
import { storedFor } from './stored-certificates.ts';

/** The directory as it is for the recipients of one email: what the folder has, and what is stored for them. */
export const gatheredFor = (
  pool: Pool,
  directory: Directory,
  tenantId: TenantId,
  recipients: readonly Address[],
): Promise<Directory> =>
  gathered(
    pool,
    directory,
    tenantId,
    recipients.flatMap((address): EntryName[] => [
      { kind: 'person', name: address.toLowerCase() },
      { kind: 'organisation', name: domainOf(address) },
    ]),
  );

/**
 * The directory with what is stored for these names, and what is known of the revocation of `others` beside. Throws where
 * the database is away: nobody knows then.
 */
export async function gathered(
  pool: Pool,
  directory: Directory,
  tenantId: TenantId,
  names: readonly EntryName[],
  others: readonly Certificate[] = [],
): Promise<Directory> {
  const ofFolder = names.flatMap((name) => directory.fromFolder(name)).map(({ certificate }) => certificate);
  return directory.including(await storedFor(pool, tenantId, names, [...ofFolder, ...others]));
}
