// SPDX-License-Identifier: Apache-2.0
export { startReceipts } from './service.ts';
export { receiptsApi } from './http/openapi.ts';
export { ReceiptsSettings, Settings as ReceiptsServiceSettings } from './settings.ts';
export { webhooksApi } from './http/webhooks.openapi.ts';
export { openLedgerSigner, type LedgerSigner } from './ledger/adapters/ledger-signer.ts';
export { proveConsistency, type NoConsistency } from './ledger/adapters/consistency.ts';
export { exportLedger, type ReadyExport, type Wanted } from './ledger/export-ledger.ts';
export { noteExport } from './ledger/note-export.ts';
export { ledgerApi } from './ledger/http/ledger.openapi.ts';
export { replay, type Difference, type Replayed } from './ledger/replay.ts';
export { retentionApi } from './retention/http/retention.openapi.ts';
export { countEndedBefore } from './retention/adapters/ended-emails.ts';
export { listHolds, type LegalHold } from './retention/adapters/legal-holds.ts';
export { eraseEmail, type Erased, type Erasing } from './retention/erase-email.ts';
export { eraseEndedBefore, keptSince } from './retention/keeper.ts';
export { liftHold, placeHold, wordsOf, type Covered } from './retention/legal-holds.ts';
export { openFindKeys } from './console/adapters/find-keys.ts';
export { soughtAddress } from './console/domain/sought.ts';
