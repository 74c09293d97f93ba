// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { migrate } from '@securemail/event-store';

/** Creates the inbox, dead letters and checkpoints in a consumer's schema. Safe to call at every start. */
export const migrateConsumer = (options: { url: string; schema: string }): Promise<string[]> =>
  migrate({ ...options, directory: join(import.meta.dirname, 'migrations'), table: 'event_log_migrations' });
