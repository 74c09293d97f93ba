// SPDX-License-Identifier: Apache-2.0
import { Problem, type Platform } from '@securemail/service';
import { goesOn } from '@securemail/sign-in';
import type { Request } from 'express';
import { digestOf } from '../adapters/secrets.ts';
import { noteUse, sessionOf, type StoredSession } from '../adapters/sessions.ts';
import type { MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';

/** So much later a use is noted anew, and at least four times until a session that nobody uses ends. Milliseconds. */
const notedEvery = ({ sessionIdleMinutes }: MailboxSettings): number =>
  Math.min(30_000, (sessionIdleMinutes * 60_000) / 4);

/**
 * Who asks; that he does so is no use of his session: pages look by themselves whether it goes on.
 *
 * @throws Problem `not-signed-in`
 */
export async function findSession(
  request: Request,
  { pool, tenants }: Pick<Platform, 'pool' | 'tenants'>,
  settings: MailboxSettings,
  now: Date,
): Promise<StoredSession> {
  const token = COOKIES.session.tokenIn(request);
  const session = token === null ? null : await sessionOf(pool, digestOf(token));
  const isOpen =
    session !== null &&
    goesOn(session, settings, now) &&
    tenants.get(session.tenantId)?.mailbox !== undefined;
  if (!isOpen) throw new Problem('not-signed-in', 'Sign in first.');
  return session;
}

/**
 * Who asks, and uses his session by that.
 *
 * @throws Problem `not-signed-in`
 */
export async function requireSession(
  request: Request,
  platform: Pick<Platform, 'pool' | 'tenants'>,
  settings: MailboxSettings,
  now: Date,
): Promise<StoredSession> {
  const session = await findSession(request, platform, settings, now);
  if (now.getTime() - session.usedAt.getTime() <= notedEvery(settings)) return session;
  await noteUse(platform.pool, session.sessionId, now);
  return { ...session, usedAt: now };
}
