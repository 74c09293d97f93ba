// SPDX-License-Identifier: Apache-2.0
import { throughProvider as goThrough } from '@securemail/testing/openid';
import type { Browser } from './running-mailbox.ts';

export const CALLBACK = '/mailbox/v1/sign-ins/openid-connect/callback';

/** Goes through the provider as a browser does. @returns where that sends it back to. */
export const throughProvider = (location: URL): Promise<URL> => goThrough(location, CALLBACK);

/** @returns which page that leads to. */
export async function comeBack(browser: Browser, callback: URL): Promise<string | null> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(callback, {
    redirect: 'manual',
    headers: { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' },
  });
  expect(response.status).toBe(303);
  for (const each of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
    if (value !== '') browser.cookies.set(name, value);
  }
  return response.headers.get('location');
}
