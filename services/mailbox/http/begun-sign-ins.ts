// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { messageOfLink } from '../adapters/messages.ts';
import { digestOf, isToken } from '../adapters/secrets.ts';
import { begunIn, type BegunSignIn } from '../adapters/sign-ins.ts';
import { COOKIES } from './cookies.ts';
import { Link } from './sign-in-place.ts';

/** The page on which a sign-in by a code was begun: two tabs of a browser may have one each. */
export const BegunAt = z.union(
  [
    z.strictObject({ link: Link }),
    z.strictObject({ organisation: TenantId, to: z.literal('write').optional() }),
  ],
  { error: 'either `link`, or `organisation`, to write first with `to`' },
);

/** With the secret by which this browser has it. */
export interface OfBrowser extends BegunSignIn {
  token: string;
}

/** What this browser has begun and not ended, the newest first. */
export async function begunOf(
  request: Request,
  { pool }: Pick<Platform, 'pool'>,
): Promise<readonly OfBrowser[]> {
  const tokens = COOKIES.signIn.tokensIn(request);
  if (tokens.length === 0) return [];
  const begun = await begunIn(pool, tokens.map(digestOf));
  return tokens.flatMap((token) => {
    const found = begun.find(({ browser }) => digestOf(token).equals(browser));
    return found === undefined ? [] : [{ ...found, token }];
  });
}

/** Whether one was begun on that page. A link that leads nowhere has none; whether its message has ended is said elsewhere. */
export async function isBegunAt(
  place: z.output<typeof BegunAt>,
  { pool }: Pick<Platform, 'pool'>,
): Promise<(begun: BegunSignIn) => boolean> {
  if (!('link' in place))
    return ({ byLink, tenantId, toWrite }) =>
      !byLink && tenantId === place.organisation && toWrite === (place.to === 'write');
  const message = isToken(place.link) ? await messageOfLink(pool, digestOf(place.link)) : null;
  return ({ messageId }) => message !== null && messageId === message.messageId;
}

/** Whether this browser waits for a code on that page: whoever comes back to it can type that. Nothing else is told of it. */
export async function tellBegun(
  request: Request,
  at: z.output<typeof BegunAt>,
  platform: Pick<Platform, 'pool'>,
  now: Date,
): Promise<{ begun: { triesLeft: number; expiresAt: string } | null }> {
  const all = await begunOf(request, platform);
  const begun = all.length === 0 ? undefined : all.find(await isBegunAt(at, platform));
  if (begun === undefined || begun.triesLeft <= 0 || begun.expiresAt <= now) return { begun: null };
  const { triesLeft, expiresAt } = begun;
  return { begun: { triesLeft, expiresAt: expiresAt.toISOString() } };
}
