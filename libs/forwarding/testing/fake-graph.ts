// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const RULES = /^\/users\/([^/]+)\/mailFolders\/inbox\/messageRules(?:\?\$skip=(\d+))?$/;

type Rule = { isEnabled?: boolean; hasError?: boolean; isReadOnly?: boolean; actions?: object };

export interface FakeGraph {
  url: string;
  /** `POST /token`, `GET /users?…`, `batch of 20`. */
  asked: string[];
  close(): Promise<void>;
}

export interface FakeGraphOptions {
  clientSecret: string;
  /** Rules by address; null: no mailbox. */
  mailboxes: Record<string, Rule[] | null>;
  pageSize?: number;
  /** How many rules of a mailbox are on a page. */
  rulesOnPage?: number;
  /** How many of the first requests are told to come again: whole ones, and ones within a batch. */
  busy?: { requests?: number; within?: number };
  /** Status of the rules of this mailbox. */
  refuses?: { mailbox: string; status: number };
  /** Where the second page is said to be; of rules, every next one. */
  nextLink?: string;
  nextLinkOfRules?: string;
}

/** Plays Microsoft Graph and its sign-in, as its reference describes them: what we neither own nor can run. */
export async function startFakeGraph(options: FakeGraphOptions): Promise<FakeGraph> {
  const { clientSecret, mailboxes, pageSize = 999, rulesOnPage = 999, refuses, nextLink } = options;
  const busy = { requests: 0, within: 0, ...options.busy };
  const asked: string[] = [];
  const addresses = Object.keys(mailboxes);

  const rulesOf = (path: string): { status: number; headers?: object; body: unknown } => {
    const [, id = '', skip = '0'] = RULES.exec(path) ?? [];
    const address = addresses[Number(id.replace('user-', ''))] ?? '';
    if (busy.within > 0) {
      busy.within -= 1;
      return { status: 429, headers: { 'Retry-After': '1' }, body: { error: { code: 'TooManyRequests' } } };
    }
    if (refuses?.mailbox === address) return { status: refuses.status, body: { error: { code: 'Refused' } } };
    const rules = mailboxes[address];
    if (rules == null) return { status: 404, body: { error: { code: 'MailboxNotEnabledForRESTAPI' } } };
    const end = Number(skip) + rulesOnPage;
    const next = options.nextLinkOfRules ?? `${origin}/v1.0${path.replace(/\?.*/, '')}?$skip=${end}`;
    const more = end < rules.length ? { '@odata.nextLink': next } : {};
    return { status: 200, body: { value: rules.slice(Number(skip), end), ...more } };
  };

  const answer = async (
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown; wait?: string }> => {
    const url = new URL(request.url ?? '/', 'http://graph');
    if (url.pathname.endsWith('/oauth2/v2.0/token')) {
      asked.push('POST /token');
      const form = new URLSearchParams(await text(request));
      if (form.get('client_secret') !== clientSecret)
        return { status: 401, body: { error: 'invalid_client' } };
      return { status: 200, body: { access_token: 'a-token', expires_in: 3_600, token_type: 'Bearer' } };
    }
    if (request.headers.authorization !== 'Bearer a-token')
      return { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
    if (busy.requests > 0) {
      busy.requests -= 1;
      return { status: 503, body: {}, wait: '2' };
    }
    if (url.pathname === '/v1.0/users') {
      asked.push('GET /users');
      const from = Number(url.searchParams.get('$skiptoken') ?? 0);
      const page = addresses.slice(from, from + pageSize);
      const more = from + pageSize < addresses.length;
      return {
        status: 200,
        body: {
          value: page.map((mail, index) => ({
            id: `user-${from + index}`,
            mail: mail.replace(/^none-.*/, ''),
          })),
          ...(more
            ? { '@odata.nextLink': nextLink ?? `${origin}/v1.0/users?$skiptoken=${from + pageSize}` }
            : {}),
        },
      };
    }
    if (url.pathname === '/v1.0/$batch') {
      const { requests } = JSON.parse(await text(request)) as { requests: { id: string; url: string }[] };
      asked.push(`batch of ${requests.length}`);
      const responses = requests.map(({ id, url: path }) => ({ id, ...rulesOf(path) }));
      // Graph answers in an order of its own.
      return { status: 200, body: { responses: responses.toReversed() } };
    }
    const path = (request.url ?? '').replace('/v1.0', '');
    if (RULES.test(path)) {
      asked.push('GET rules');
      return rulesOf(path);
    }
    return { status: 404, body: { error: { code: 'ResourceNotFound' } } };
  };

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, wait }) => {
      response.writeHead(status, {
        'Content-Type': 'application/json',
        ...(wait === undefined ? {} : { 'Retry-After': wait }),
      });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
