// SPDX-License-Identifier: Apache-2.0
import type { Request, Response } from 'express';
import { isToken } from '../adapters/secrets.ts';

/** `__Host-`: of this very host, over TLS, for no other path (RFC 6265bis §4.1.3.2). */
const NAMES = {
  signIn: '__Host-securemail-sign-in',
  passkey: '__Host-securemail-passkey',
  openId: '__Host-securemail-openid',
  proof: '__Host-securemail-proof',
  session: '__Host-securemail-session',
} as const;
export type CookieName = keyof typeof NAMES;

const OPTIONS = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

/** Who comes back from a provider comes from another site: `Lax` lets him bring along what he began. */
const optionsOf = (name: CookieName) =>
  name === 'openId' ? { ...OPTIONS, sameSite: 'lax' as const } : OPTIONS;

/** Between tokens in one cookie. */
const BETWEEN = '.';

/** The token in a cookie; null where the browser has none. */
export function tokenIn(request: Request, name: CookieName): string | null {
  return tokensIn(request, name)[0] ?? null;
}

/** Where several tabs have one each; the newest first. */
export function tokensIn({ headers }: Request, name: CookieName): string[] {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${NAMES[name]}=`))?.slice(NAMES[name].length + 1) ?? '';
  return value.split(BETWEEN).filter(isToken);
}

/** No cookie grows by more tabs than these. */
const MOST_TABS = 5;

/** None clears it. */
export function setTokens(
  response: Response,
  name: CookieName,
  tokens: readonly string[],
  expires: Date,
): void {
  if (tokens.length === 0) clearToken(response, name);
  else setToken(response, name, tokens.slice(0, MOST_TABS).join(BETWEEN), expires);
}

export function setToken(response: Response, name: CookieName, token: string, expires: Date): void {
  response.cookie(NAMES[name], token, { ...optionsOf(name), expires });
}

export function clearToken(response: Response, name: CookieName): void {
  response.clearCookie(NAMES[name], optionsOf(name));
}
