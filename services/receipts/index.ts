// SPDX-License-Identifier: Apache-2.0
export { startReceipts } from './service.ts';
export { receiptsApi } from './http/openapi.ts';
export { ReceiptsSettings, Settings as ReceiptsServiceSettings } from './settings.ts';
export { webhooksApi } from './http/webhooks.openapi.ts';
export { openLedgerSigner, type LedgerSigner } from './ledger/adapters/ledger-signer.ts';
export { exportLedger, type ReadyExport, type Wanted } from './ledger/export-ledger.ts';
export { noteExport } from './ledger/note-export.ts';
export { ledgerApi } from './ledger/http/ledger.openapi.ts';
export { replay, type Difference, type Replayed } from './ledger/replay.ts';
