// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import { Problem, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { addressOfCode } from '../adapters/proven-address.ts';
import type { StoredSession } from '../adapters/sessions.ts';
import { isFresh } from '../domain/credential.ts';
import type { MailboxSettings } from '../settings.ts';
import { requireSession } from './signed-in.ts';

/**
 * Who asks, where he has just proven his address by a code: whoever has got hold of a password, or a browser that was left
 * open, adds no way in for himself.
 *
 * @throws Problem `not-signed-in`, `sign-in-anew`
 */
export async function requireFreshCode(
  request: Request,
  platform: Pick<Platform, 'pool' | 'store' | 'tenants'>,
  settings: MailboxSettings,
  now: Date,
): Promise<{ session: StoredSession; address: Address }> {
  const session = await requireSession(request, platform, settings, now);
  const address = await freshAddress(session, platform, now);
  if (address === null) throw new Problem('sign-in-anew', 'Sign in by a code first.');
  return { session, address };
}

/** Null where it was proven too long ago, or not by a code. */
export const freshAddress = async (
  session: StoredSession,
  platform: Pick<Platform, 'pool' | 'store'>,
  now: Date,
): Promise<Address | null> => (isFresh(session, now) ? await addressOfCode(session, platform) : null);
