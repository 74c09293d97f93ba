// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { readCertificates } from '@securemail/smime';
import { readCertificateFolder } from '../adapters/certificate-folder.ts';
import type { CertificatesOf } from '../certificates.ts';
import { itemsOf, type ImportItem } from '../domain/import-item.ts';
import { importCertificates, type Import, type ImportOutcome } from '../importing.ts';
import type { CryptoWorld } from './running-crypto.ts';

/** The directory of a tenant, as an administrator changes it. */
export async function directoryIn({ cast, pool }: CryptoWorld, tenant = 'demo') {
  const tenantId = TenantId.parse(tenant);
  const directory = await readCertificateFolder(cast.folder, {}, { withKeys: false });
  const of: CertificatesOf = { pool, directory, tenantId, ldap: null, smimea: null };
  const change = (reason = 'a test') => ({ tenantId, by: 'ops', reason, at: new Date() });
  const importItems = async (
    items: readonly ImportItem[],
    more: Partial<Pick<Import, 'source' | 'dryRun' | 'skipBad' | 'ask'>> = {},
  ) => {
    const outcomes: ImportOutcome[] = [];
    const counts = await importCertificates({
      pool,
      directory,
      change: change(),
      source: 'uploaded',
      ask: null,
      dryRun: false,
      skipBad: false,
      ...more,
      items: () => ReadableStream.from(items),
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    return { ...counts, outcomes };
  };
  return {
    of,
    change,
    importItems,
    importPem: (pem: string, domain: string | null = null, more: Parameters<typeof importItems>[1] = {}) =>
      importItems(itemsOf(readCertificates(pem), domain), more),
  };
}
