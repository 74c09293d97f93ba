// SPDX-License-Identifier: Apache-2.0
export { openFindKeys, type DigestOf } from '../console/adapters/find-keys.ts';
export { findableBy, soughtAddress, type Sought } from '../console/domain/sought.ts';
export { ConsoleBrowser } from '../console/testing/console-browser.ts';
export * from './story.ts';
