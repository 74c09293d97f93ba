// SPDX-License-Identifier: Apache-2.0
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** How an application that an administrator has registered in Microsoft Entra ID signs in. */
export interface GraphAccess {
  /** Id or domain of the directory. */
  directoryId: string;
  clientId: string;
  clientSecret: string;
  /** Of the national clouds there are others. */
  loginUrl?: string;
  graphUrl?: string;
}

/** Microsoft Graph does not do what was asked; the message names no secret and no person. */
export class GraphError extends Error {
  override name = 'GraphError';
}

export interface GraphClient {
  /** A page, by its path below `/v1.0` or by the whole address of `@odata.nextLink`. */
  get(pathOrLink: string): Promise<unknown>;
  /** Up to 20 requests in one; each with its own status. */
  batch(paths: readonly string[]): Promise<{ status: number; body: unknown }[]>;
}

const Token = z.object({ access_token: z.string(), expires_in: z.number() });
const Batch = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown(),
    }),
  ),
});

const MOST_IN_A_BATCH = 20;
const TRIES = 6;
const BUSY = new Set([429, 503, 504]);
const ANSWER_WITHIN_MS = 60_000;
/** A token is renewed so long before its end, seconds. */
const AHEAD = 120;

/**
 * Speaks to Microsoft Graph 1.0 with the rights of an application (OAuth 2.0 client credentials), and waits where it asks
 * to. By hand, for it is two kinds of requests, and Microsoft's own packages bring some forty others.
 */
export function graphClient(
  access: GraphAccess,
  sleep: (ms: number) => Promise<unknown> = pause,
): GraphClient {
  const login = access.loginUrl ?? 'https://login.microsoftonline.com';
  const graph = `${access.graphUrl ?? 'https://graph.microsoft.com'}/v1.0`;
  let token: { value: string; until: number } | null = null;

  const authorization = async (): Promise<string> => {
    if (token === null || token.until < Date.now()) {
      const response = await asked(`${login}/${encodeURIComponent(access.directoryId)}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: access.clientId,
          client_secret: access.clientSecret,
          scope: `${new URL(graph).origin}/.default`,
        }),
      });
      if (!response.ok)
        throw new GraphError(`Microsoft does not let this application sign in (${await reasonIn(response)})`);
      const { access_token, expires_in } = understood(Token, await jsonOf(response));
      token = { value: access_token, until: Date.now() + (expires_in - AHEAD) * 1_000 };
    }
    return `Bearer ${token.value}`;
  };

  /** Asks again while it is too busy, after as long as it says. */
  const patiently = async (url: string, init: RequestInit = {}): Promise<Response> => {
    for (let tried = 1; ; tried += 1) {
      const headers = { ...(init.headers as Record<string, string>), Authorization: await authorization() };
      const response = await asked(url, { ...init, headers });
      if (!BUSY.has(response.status) || tried === TRIES) return response;
      await response.body?.cancel();
      await sleep(waitOf(response.headers.get('retry-after'), tried));
    }
  };

  return {
    async get(pathOrLink) {
      // Whoever answers must not lead the token elsewhere.
      const url = pathOrLink.startsWith('/') ? graph + pathOrLink : pathOrLink;
      if (!url.startsWith(`${graph}/`)) throw new GraphError('the next page is said to be elsewhere');
      const response = await patiently(url);
      if (!response.ok) throw new GraphError(`Microsoft Graph refuses (${await reasonIn(response)})`);
      return jsonOf(response);
    },

    async batch(paths) {
      if (paths.length > MOST_IN_A_BATCH) throw new RangeError(`${MOST_IN_A_BATCH} requests are the most`);
      const answers = new Map<string, { status: number; body: unknown }>();
      for (let tried = 1; answers.size < paths.length; tried += 1) {
        const open = paths.flatMap((url, index) =>
          answers.has(String(index)) ? [] : [{ id: String(index), method: 'GET', url }],
        );
        const response = await patiently(`${graph}/$batch`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ requests: open }),
        });
        if (!response.ok) throw new GraphError(`Microsoft Graph refuses (${await reasonIn(response)})`);
        const { responses } = understood(Batch, await jsonOf(response));
        if (responses.length < open.length) throw new GraphError('Microsoft Graph left requests unanswered');
        let wait = 0;
        for (const { id, status, headers, body } of responses) {
          if (BUSY.has(status) && tried < TRIES)
            wait = Math.max(wait, waitOf(headers?.['Retry-After'] ?? null, tried));
          else answers.set(id, { status, body });
        }
        if (wait > 0) await sleep(wait);
      }
      return paths.map((_, index) => answers.get(String(index)) ?? { status: 0, body: null });
    },
  };
}

async function asked(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  } catch (error) {
    throw new GraphError(`${new URL(url).host} does not answer`, { cause: error });
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new GraphError('Microsoft answers what is no JSON', { cause: error });
  }
}

/** Status and code; their messages name people and ids. */
async function reasonIn(response: Response): Promise<string> {
  const body = (await response.json().catch(() => null)) as { error?: string | { code?: string } } | null;
  const code = typeof body?.error === 'string' ? body.error : body?.error?.code;
  return [String(response.status), ...(code === undefined ? [] : [code])].join(' ');
}

function understood<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new GraphError(
    `Microsoft answers otherwise than expected, at ${read.error.issues[0]?.path.join('.') ?? ''}`,
  );
}

/** Milliseconds. */
const waitOf = (retryAfter: string | null, tried: number): number => {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1_000 : 2 ** tried * 500;
};
