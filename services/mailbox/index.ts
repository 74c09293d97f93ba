// SPDX-License-Identifier: Apache-2.0
export { startMailbox } from './service.ts';
export { MailboxSettings } from './settings.ts';
