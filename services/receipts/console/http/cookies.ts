// SPDX-License-Identifier: Apache-2.0
import { isToken } from '@securemail/sign-in';
import type { Request, Response } from 'express';

/** `__Host-`: of this very host, over TLS, for no other path (RFC 6265bis §4.1.3.2). */
const NAMES = {
  session: '__Host-securemail-console',
  openId: '__Host-securemail-console-openid',
} as const;
export type CookieName = keyof typeof NAMES;

const OPTIONS = { httpOnly: true, secure: true, path: '/' } as const;
/** Who comes back from a provider comes from another site: `Lax` lets him bring along what he began. */
const SAME_SITE = { session: 'strict', openId: 'lax' } as const;

/** The token in a cookie; null where the browser has none. */
export function tokenIn({ headers }: Request, name: CookieName): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${NAMES[name]}=`))?.slice(NAMES[name].length + 1);
  return isToken(value) ? value : null;
}

export function setToken(response: Response, name: CookieName, token: string, expires: Date): void {
  response.cookie(NAMES[name], token, { ...OPTIONS, sameSite: SAME_SITE[name], expires });
}

export function clearToken(response: Response, name: CookieName): void {
  response.clearCookie(NAMES[name], { ...OPTIONS, sameSite: SAME_SITE[name] });
}
