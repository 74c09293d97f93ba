// SPDX-License-Identifier: Apache-2.0

/** What the gateway refused, as RFC 9457 says it. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    /** The end of the problem's `type`. */
    readonly kind: string,
    readonly status: number,
    /** Why, in words. */
    override readonly message: string,
    /** What is wrong with which field. */
    readonly errors: readonly { path: string; message: string }[],
  ) {
    super(message);
  }

  /** The same, with its fields as a page calls them. */
  naming(nameOf: (path: string) => string): Refusal {
    const errors = this.errors.map(({ path, message }) => ({ path: nameOf(path), message }));
    return new Refusal(this.kind, this.status, this.message, errors);
  }
}

/** Nothing was answered, or nothing that can be understood: the network, or a server that is down. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** Told where perhaps nobody is signed in any more. */
export const doubts = new EventTarget();

export async function ask<Answer>(
  method: string,
  path: string,
  { body, token, signal }: { body?: object; token?: string; signal?: AbortSignal } = {},
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    ...(signal === undefined ? {} : { signal }),
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...authorizedBy(token),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Unreachable('no answer');
  });
  if (response.status === 204) return undefined as Answer;
  if (!response.ok) throw await refusalOf(response);
  return (await response.json().catch(() => {
    throw new Unreachable('no JSON');
  })) as Answer;
}

/** What is no JSON. */
export async function askForFile(path: string, token: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    headers: authorizedBy(token),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new Unreachable('no answer');
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

const authorizedBy = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { Authorization: `Bearer ${token}` };

async function refusalOf(response: Response): Promise<Refusal | Unreachable> {
  const answer = (await response.json().catch(() => null)) as Partial<Problem> | null;
  if (answer === null) return new Unreachable('no JSON');
  if (response.status >= 500) return new Unreachable(String(response.status));
  const { type = '', detail = '', errors = [] } = answer;
  return new Refusal(type.replace('/errors/', ''), response.status, detail, errors);
}

interface Problem {
  type: string;
  detail: string;
  errors: { path: string; message: string }[];
}
