// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import { z } from 'zod';
import { requireOrganisation, type WithMailbox } from '../organisations.ts';
import { followLink } from './found.ts';

export const Link = z.string().max(200).describe('What stands behind /m/ in the link of a notification');

/** Where somebody signs in who need not say who he is. */
export const SignInPlace = z.union(
  [z.strictObject({ link: Link }), z.strictObject({ organisation: TenantId })],
  { error: 'either `link` or `organisation`' },
);

/** What a sign-in there is for: a link that was passed on opens nothing for anybody else. */
export interface Expected {
  tenant: WithMailbox;
  /** Who is to sign in; null: anybody. */
  person: Buffer | null;
  /** Of the link. */
  messageId: string | null;
}

/** @throws Problem `link-not-found`, `mailbox-message-ended`, `not-found` */
export async function expectedAt(
  place: z.output<typeof SignInPlace>,
  platform: Pick<Platform, 'pool' | 'tenants'>,
  now: Date,
): Promise<Expected> {
  if (!('link' in place))
    return { tenant: requireOrganisation(place.organisation, platform), person: null, messageId: null };
  const { tenant, message } = await followLink(place.link, platform, now);
  return { tenant, person: message.person, messageId: message.messageId };
}
