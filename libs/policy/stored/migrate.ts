// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { migrate } from '@securemail/event-store';

export const SETTINGS_SCHEMA = 'settings';

/** Creates the table of changes, in a schema of its own that all services read. Safe to call at every start. */
export const migrateSettings = ({ url }: { url: string }): Promise<string[]> =>
  migrate({
    url,
    schema: SETTINGS_SCHEMA,
    directory: join(import.meta.dirname, 'migrations'),
    table: 'settings_migrations',
  });
