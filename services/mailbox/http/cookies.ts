// SPDX-License-Identifier: Apache-2.0
import { tokenCookie } from '@securemail/sign-in';

export const COOKIES = {
  signIn: tokenCookie('sign-in'),
  passkey: tokenCookie('passkey'),
  openId: tokenCookie('openid', 'lax'),
  proof: tokenCookie('proof'),
  session: tokenCookie('session'),
} as const;
