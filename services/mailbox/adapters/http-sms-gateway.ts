// SPDX-License-Identifier: Apache-2.0
import type { SecondChannelOfTenant } from '@securemail/service';
import type { SecondChannel } from './second-channel.ts';

/** What it answered that is no yes. */
class AnsweredError extends Error {
  override name = 'AnsweredError';
  constructor(readonly status: number) {
    super(`the gateway answered ${status}`);
  }
  /** It would say so again. */
  get isFinal(): boolean {
    return this.status < 500 && this.status !== 429;
  }
}

/** Its `code` says why, and stands in the log: neither what was sent nor what was answered is in it. */
class NotTakenError extends Error {
  override name = 'NotTakenError';
  constructor(readonly code: string) {
    super(`the text message was not taken: ${code}`);
  }
}

/** Text messages by a gateway that is posted to. It takes one where it answers with a status of 2xx; what else it says is not read. */
export function httpSmsGateway({
  url,
  headers,
  contentType,
  body,
  timeoutSeconds,
  tries,
}: SecondChannelOfTenant['gateway']): SecondChannel {
  const written = WRITTEN[contentType];
  const post = async (content: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': contentType },
      body: content,
      // Nobody but the gateway that is set gets numbers and codes.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutSeconds * 1_000),
    });
    // However much it is.
    await response.body?.cancel();
    if (!response.ok) throw new AnsweredError(response.status);
  };
  return {
    async send(message) {
      const content = body.replaceAll(/\{(number|text)\}/g, (_, field: keyof typeof message) =>
        written(message[field]),
      );
      for (let left = tries; ; left -= 1)
        try {
          await post(content);
          return;
        } catch (error) {
          if (left <= 1 || (error instanceof AnsweredError && error.isFinal))
            throw new NotTakenError(whyOf(error));
        }
    },
  };
}

/** Such as `answered 500`, `ECONNREFUSED`, `TimeoutError`. */
function whyOf(error: unknown): string {
  if (error instanceof AnsweredError) return `answered ${error.status}`;
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'unknown');
}

const WRITTEN: Record<SecondChannelOfTenant['gateway']['contentType'], (text: string) => string> = {
  'application/json': (text) => JSON.stringify(text).slice(1, -1),
  'application/x-www-form-urlencoded': encodeURIComponent,
};
