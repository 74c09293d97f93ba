// SPDX-License-Identifier: Apache-2.0
import type { Platform, ServiceParts } from '@securemail/service';
import { createPool } from '@securemail/event-store';
import { openFindKeys } from '../console/adapters/find-keys.ts';
import { RetentionController } from './http/retention.controller.ts';
import { startRetention } from './keeper.ts';
import { ERASING } from './tokens.ts';

/** One leads, four erase, and one is for who asks over HTTP. */
const CONNECTIONS = 6;

/** Erases what is kept for no longer, and what somebody has erased. */
export function openRetention(
  platform: Platform,
  everyMinutes: number,
): Required<Pick<ServiceParts, 'controllers' | 'providers' | 'owned'>> {
  const { store, vault, settings } = platform;
  // Erasing an email asks for its find key meanwhile: from connections of one pool all could wait for each other.
  const pool = createPool({
    url: settings.database.url,
    schema: 'receipts',
    max: CONNECTIONS,
    applicationName: 'securemail-retention',
  });
  const erasing = { pool, store, vault, digestOf: openFindKeys(platform) };
  const keeper = startRetention(platform, erasing, everyMinutes);
  return {
    controllers: [RetentionController],
    providers: [{ provide: ERASING, useValue: erasing }],
    owned: [
      {
        async close() {
          await keeper.close();
          await pool.end();
        },
      },
    ],
  };
}
