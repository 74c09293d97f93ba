// SPDX-License-Identifier: Apache-2.0
export { openIdProvider, type Said } from './openid-provider.ts';
export { throughProvider } from './through-provider.ts';
