// SPDX-License-Identifier: Apache-2.0

/** Cookies, and what a browser says of where it asks from. */
export class ConsoleBrowser {
  readonly cookies = new Map<string, string>();
  constructor(
    private readonly url: () => string,
    private readonly origin: string,
  ) {}

  async ask(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = { Origin: this.origin, 'Sec-Fetch-Site': 'same-origin' },
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
    const response = await fetch(`${this.url()}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
      headers: response.headers,
    };
  }

  signIn(name: string, password: string) {
    return this.ask('POST', '/console/v1/sign-ins/password', { name, password });
  }

  /** What the API is asked by. */
  async token(): Promise<string> {
    const { body } = await this.ask('GET', '/console/v1/session');
    return String(body['token']);
  }
}
