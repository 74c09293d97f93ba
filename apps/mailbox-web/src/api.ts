// SPDX-License-Identifier: Apache-2.0

/** What services/mailbox answers under /mailbox/v1; see its README. */
const BASE = '/mailbox/v1/';

export interface Organisation {
  id: string;
  name: string;
}
export interface Person {
  name: string;
  address: string | null;
}
export interface ListedMessage {
  messageId: string;
  subject: string;
  from: Person[];
  depositedAt: string;
  endsAt: string;
  openedAt: string | null;
}
export interface MessagePart {
  ordinal: number;
  filename: string;
  contentType: string;
  /** Octets. */
  size: number;
  inline: boolean;
}
export interface Message extends ListedMessage {
  to: Person[];
  date: string | null;
  text: string | null;
  hasHtml: boolean;
  /** There is HTML that is too large, or nested too deeply, to be shown. */
  hasTooMuchHtml: boolean;
  parts: MessagePart[];
}

/** An answer that refuses (RFC 9457), by the name in its `type`. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly triesLeft: number | null,
  ) {
    super(kind);
  }
}

/** Nothing was answered, or nothing that can be understood: the network, or a server that is down. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(BASE + path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  }).catch(() => {
    throw new Unreachable('no answer');
  });
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json().catch(() => {
    throw new Unreachable('no JSON');
  });
  if (response.ok) return answer as Answer;
  if (response.status >= 500) throw new Unreachable(String(response.status));
  const { type = '', triesLeft = null } = answer as { type?: string; triesLeft?: number };
  throw new Refusal(type.replace('/errors/', ''), response.status, triesLeft);
}

export const api = {
  link: (link: string) =>
    ask<{ organisation: Organisation; endsAt: string }>('GET', `links/${encodeURIComponent(link)}`),
  organisation: (id: string) => ask<Organisation>('GET', `organisations/${encodeURIComponent(id)}`),
  beginSignIn: (claim: { link: string } | { organisation: string; address: string }) =>
    ask<{ organisation: Organisation; expiresAt: string }>('POST', 'sign-ins', claim),
  prove: (code: string) =>
    ask<{ endsAt: string; messageId: string | null }>('POST', 'sign-ins/code', { code }),
  session: () => ask<{ organisation: Organisation; endsAt: string }>('GET', 'sessions/current'),
  signOut: () => ask<undefined>('DELETE', 'sessions/current'),
  messages: (cursor: string | null) =>
    ask<{ messages: ListedMessage[]; next: string | null }>(
      'GET',
      `messages${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`,
    ),
  message: (messageId: string) => ask<Message>('GET', `messages/${encodeURIComponent(messageId)}`),
  decline: (messageId: string) => ask<undefined>('POST', `messages/${encodeURIComponent(messageId)}/decline`),
};

export const bodyOf = (messageId: string): string => `${BASE}messages/${messageId}/body`;
export const partOf = (messageId: string, ordinal: number): string =>
  `${BASE}messages/${messageId}/parts/${ordinal}`;
export const wholeOf = (messageId: string): string => `${BASE}messages/${messageId}/message.eml`;
