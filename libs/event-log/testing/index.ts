// SPDX-License-Identifier: Apache-2.0
export { readersBehind } from './readers-behind.ts';
