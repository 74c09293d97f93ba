// SPDX-License-Identifier: Apache-2.0
export { startReceipts } from './service.ts';
export { ReceiptsSettings } from './settings.ts';
