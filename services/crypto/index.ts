// SPDX-License-Identifier: Apache-2.0
export { startCrypto } from './service.ts';
export { CryptoSettings } from './settings.ts';
export { heldApi } from './http/held.openapi.ts';
