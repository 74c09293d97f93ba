// SPDX-License-Identifier: Apache-2.0
import { Problem, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { digestOf } from '../adapters/secrets.ts';
import { noteUse, sessionOf, type StoredSession } from '../adapters/sessions.ts';
import { goesOn } from '../domain/session.ts';
import type { MailboxSettings } from '../settings.ts';
import { tokenIn } from './cookies.ts';

/** So much later a use is noted anew. Milliseconds. */
const NOTED_EVERY = 30_000;

/**
 * Who asks.
 *
 * @throws Problem `not-signed-in`
 */
export async function requireSession(
  request: Request,
  { pool, tenants }: Pick<Platform, 'pool' | 'tenants'>,
  settings: MailboxSettings,
  now: Date,
): Promise<StoredSession> {
  const token = tokenIn(request, 'session');
  const session = token === null ? null : await sessionOf(pool, digestOf(token));
  const isOpen =
    session !== null &&
    goesOn(session, settings, now) &&
    tenants.get(session.tenantId)?.mailbox !== undefined;
  if (!isOpen) throw new Problem('not-signed-in', 'Sign in first.');
  if (now.getTime() - session.usedAt.getTime() > NOTED_EVERY) await noteUse(pool, session.sessionId, now);
  return session;
}
