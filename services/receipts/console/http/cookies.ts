// SPDX-License-Identifier: Apache-2.0
import { tokenCookie } from '@securemail/sign-in';

export const COOKIES = {
  session: tokenCookie('console'),
  openId: tokenCookie('console-openid', 'lax'),
} as const;
