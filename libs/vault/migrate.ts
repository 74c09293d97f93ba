// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { migrate } from '@securemail/event-store';

export const VAULT_SCHEMA = 'vault';

/** Creates the vault's tables, in a schema of their own. Safe to call at every start. */
export const migrateVault = ({ url }: { url: string }): Promise<string[]> =>
  migrate({
    url,
    schema: VAULT_SCHEMA,
    directory: join(import.meta.dirname, 'migrations'),
    table: 'vault_migrations',
  });
