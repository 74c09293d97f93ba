// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@securemail/event-log';
import type { SecondChannelOfTenant } from '@securemail/service';
import type { SecondChannel } from './second-channel.ts';

/** It says no, and would say so again. */
class GatewayRefusedError extends Error {
  override name = 'GatewayRefusedError';
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
    if (response.ok) return;
    const { status } = response;
    if (status >= 500 || status === 429) throw new Error(`the gateway answered ${status}`);
    throw new GatewayRefusedError(`the gateway answered ${status}`);
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
          if (left <= 1 || error instanceof GatewayRefusedError)
            throw new Error(`the text message was not taken: ${reasonOf(error)}`, { cause: error });
        }
    },
  };
}

const WRITTEN: Record<SecondChannelOfTenant['gateway']['contentType'], (text: string) => string> = {
  'application/json': (text) => JSON.stringify(text).slice(1, -1),
  'application/x-www-form-urlencoded': encodeURIComponent,
};
