// SPDX-License-Identifier: Apache-2.0

/** Goes through a provider as a browser does. @param callback the path to which it sends back. @returns where that is. */
export async function throughProvider(location: URL, callback: string): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let at = location, steps = 0; steps < 10; steps += 1) {
    if (at.pathname === callback) return at;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, { redirect: 'manual', headers: { Cookie: cookie } });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      cookies.set(name, value);
    }
    at = new URL(response.headers.get('location') ?? '', at);
  }
  throw new Error('no way back');
}
