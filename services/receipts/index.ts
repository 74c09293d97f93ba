// SPDX-License-Identifier: Apache-2.0
export { startReceipts } from './service.ts';
export { receiptsApi } from './http/openapi.ts';
export { ReceiptsSettings } from './settings.ts';
export { webhooksApi } from './http/webhooks.openapi.ts';
