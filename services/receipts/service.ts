// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { migrate } from '@securemail/event-store';
import { startOnPlatform, startService, type RunningService } from '@securemail/service';
import { startWatch } from './adapters/watch.ts';
import { HistoryHandler } from './history.handler.ts';
import { receiptsApi } from './http/openapi.ts';
import { EmailsController } from './http/emails.controller.ts';
import { WATCH, type Settings } from './settings.ts';

/** Starts receipts: every event in; states, receipts and missed deadlines out. */
export const startReceipts = (settings: Settings): Promise<RunningService> =>
  startOnPlatform('receipts', settings, async (platform) => {
    await migrate({
      url: settings.database.url,
      schema: 'receipts',
      directory: join(import.meta.dirname, 'migrations'),
      table: 'receipts_migrations',
    });
    const watch = startWatch(platform, settings.receipts.watchMs);
    return startService(platform, {
      http: settings.receipts.http,
      controllers: [HistoryHandler, EmailsController],
      openApi: receiptsApi,
      providers: [{ provide: WATCH, useValue: watch }],
      owned: [watch],
    });
  });
