// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { startOnPlatform, startService, type RunningService } from '@securemail/service';
import { startWatch } from './adapters/watch.ts';
import { openReceiptSigner } from './adapters/receipt-signer.ts';
import { HistoryHandler } from './history.handler.ts';
import { receiptsApi } from './http/openapi.ts';
import { EmailsController } from './http/emails.controller.ts';
import { ReceiptKeysController } from './http/receipt-keys.controller.ts';
import { RECEIPT_SIGNER, WATCH, type Settings } from './settings.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Starts receipts: every event in; states, receipts and missed deadlines out. */
export const startReceipts = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'receipts', settings, migrations: MIGRATIONS }, async (platform) => {
    const signer = await openReceiptSigner(settings.receipts.signing);
    const watch = startWatch(platform, settings.receipts);
    return startService(platform, {
      http: settings.receipts.http,
      controllers: [HistoryHandler, EmailsController, ReceiptKeysController],
      openApi: receiptsApi,
      providers: [
        { provide: WATCH, useValue: watch },
        { provide: RECEIPT_SIGNER, useValue: signer },
      ],
      owned: [watch],
    });
  });
