// SPDX-License-Identifier: Apache-2.0
export {
  isAskedBy,
  isProviderAway,
  openIdProviders,
  type OpenIdAsked,
  type OpenIdProvider,
  type OpenIdProviders,
} from './openid-connect.ts';
export { hashPassword, isPassword, isPasswordHash } from './password-hash.ts';
export { endOfSession, endOfUnused, goesOn, type SessionRules, type SessionTimes } from './session-times.ts';
export { tokenCookie, type TokenCookie } from './token-cookie.ts';
export { digestOf, isToken, newToken } from './tokens.ts';
