// SPDX-License-Identifier: Apache-2.0
import type { Request, Response } from 'express';
import { isToken } from './tokens.ts';

/** Where a browser keeps a secret of its own, or one for each of its tabs. */
export interface TokenCookie {
  /** Null where the browser has none. */
  tokenIn(request: Request): string | null;
  /** Where several tabs have one each; the newest first. */
  tokensIn(request: Request): string[];
  set(response: Response, token: string, expires: Date): void;
  /** The newest first; none clears it. */
  setAll(response: Response, tokens: readonly string[], expires: Date): void;
  clear(response: Response): void;
}

/** Between tokens in one cookie. */
const BETWEEN = '.';
/** No cookie grows by more tabs than these. */
const MOST_TABS = 5;

/**
 * A cookie of this very host, over TLS, for no other path (`__Host-`, RFC 6265bis §4.1.3.2).
 *
 * @param name comes after `__Host-securemail-`.
 * @param sameSite who comes back from a provider comes from another site: `lax` lets him bring along what he began.
 */
export function tokenCookie(name: string, sameSite: 'strict' | 'lax' = 'strict'): TokenCookie {
  const whole = `__Host-securemail-${name}`;
  const options = { httpOnly: true, secure: true, sameSite, path: '/' } as const;
  const tokensIn = ({ headers }: Request): string[] => {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const value = pairs.find((pair) => pair.startsWith(`${whole}=`))?.slice(whole.length + 1) ?? '';
    return value.split(BETWEEN).filter(isToken);
  };
  const clear = (response: Response) => void response.clearCookie(whole, options);
  const setAll = (response: Response, tokens: readonly string[], expires: Date) => {
    if (tokens.length === 0) clear(response);
    else
      response.cookie(whole, tokens.slice(0, MOST_TABS).join(BETWEEN), {
        ...options,
        expires,
      });
  };
  return {
    tokenIn: (request) => tokensIn(request)[0] ?? null,
    tokensIn,
    set: (response, token, expires) => {
      setAll(response, [token], expires);
    },
    setAll,
    clear,
  };
}
