// SPDX-License-Identifier: Apache-2.0
export { openFindKeys, type DigestOf } from '../console/adapters/find-keys.ts';
export { findableBy, soughtAddress, type Sought } from '../console/domain/sought.ts';
export { ConsoleBrowser } from '../console/testing/console-browser.ts';
export { project } from '../adapters/projection.ts';
export { record } from '../ledger/adapters/record.ts';
export { recordedEmails } from '../ledger/adapters/replayed-emails.ts';
export * from './story.ts';
