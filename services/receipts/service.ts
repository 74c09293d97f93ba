// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  readAuthorities,
  readExchangeLists,
  startOnPlatform,
  startService,
  type RunningService,
} from '@securemail/service';
import { startWatch } from './adapters/watch.ts';
import { openReceiptSigner } from './adapters/receipt-signer.ts';
import { openConsole } from './console/index.ts';
import { retentionApi } from './retention/http/retention.openapi.ts';
import { openRetention } from './retention/index.ts';
import { ledgerApi } from './ledger/http/ledger.openapi.ts';
import { openLedger } from './ledger/index.ts';
import { HistoryHandler } from './history.handler.ts';
import { receiptsApi } from './http/openapi.ts';
import { webhooksApi } from './http/webhooks.openapi.ts';
import { EmailsController } from './http/emails.controller.ts';
import { ReceiptKeysController } from './http/receipt-keys.controller.ts';
import { WebhooksController } from './http/webhooks.controller.ts';
import { inNetworks, type TargetRules } from './adapters/webhooks/target.ts';
import { startWebhookWorker } from './adapters/webhooks/worker.ts';
import {
  RECEIPT_SIGNER,
  RECEIPTS_SETTINGS,
  TARGET_RULES,
  WATCH,
  WEBHOOK_WORKER,
  type Settings,
} from './settings.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Starts receipts: every event in; states, receipts, missed deadlines and webhooks out. */
export const startReceipts = (settings: Settings): Promise<RunningService> =>
  startOnPlatform({ service: 'receipts', settings, migrations: MIGRATIONS }, async (platform) => {
    const { receipts } = settings;
    const signer = await openReceiptSigner(receipts.signing);
    const rules = rulesOf(receipts.webhooks);
    const forwardings = await readExchangeLists(platform.tenants.values(), platform.logger);
    const console = openConsole(platform, receipts.watchMs);
    const ledger = openLedger(platform, receipts.ledger);
    const retention = openRetention(platform, receipts.retention.everyMinutes);
    const watch = startWatch(platform, receipts, { prover: ledger.prover, forwardings });
    const worker = startWebhookWorker(platform, receipts.webhooks, rules);
    const service = await startService(platform, {
      http: receipts.http,
      controllers: [
        HistoryHandler,
        EmailsController,
        ReceiptKeysController,
        WebhooksController,
        ...ledger.controllers,
        ...retention.controllers,
        // Last: it takes every other path.
        ...console.controllers,
      ],
      openApi: {
        paths: { ...receiptsApi.paths, ...webhooksApi.paths, ...ledgerApi.paths, ...retentionApi.paths },
      },
      providers: [
        { provide: WATCH, useValue: watch },
        { provide: RECEIPT_SIGNER, useValue: signer },
        { provide: WEBHOOK_WORKER, useValue: worker },
        { provide: TARGET_RULES, useValue: rules },
        { provide: RECEIPTS_SETTINGS, useValue: receipts },
        ...ledger.providers,
        ...retention.providers,
        ...console.providers,
      ],
      owned: [watch, worker, ...ledger.owned, ...retention.owned, ...console.owned],
      workers: ledger.workers,
    });
    service.handler.set('trust proxy', settings.console?.trustedProxies ?? []);
    return service;
  });

function rulesOf({
  allowHttp,
  allowNetworks,
  caFile,
  timeoutSeconds,
}: Settings['receipts']['webhooks']): TargetRules {
  const ca = readAuthorities('receipts.webhooks.caFile', caFile);
  return { allowHttp, allowed: inNetworks(allowNetworks), ca, timeoutMs: timeoutSeconds * 1_000 };
}
