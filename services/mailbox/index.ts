// SPDX-License-Identifier: Apache-2.0
export { withdrawalsApi } from './http/withdrawals.openapi.ts';
export { startMailbox } from './service.ts';
export { MailboxSettings } from './settings.ts';
