// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type ConsoleRole, type TenantId } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { Problem, type ConsoleOfTenant, type ConsoleSettings, type Platform } from '@securemail/service';
import { digestOf, endOfSession, goesOn, newToken } from '@securemail/sign-in';
import { currentTraceparent } from '@securemail/telemetry';
import type { Request, Response } from 'express';
import { beginning, sessionOf, type ConsoleSession } from './adapters/sessions.ts';
import { COOKIES } from './http/cookies.ts';

export interface SignedIn {
  tenantId: TenantId;
  name: string;
  role: ConsoleRole;
  /** As who signed him in names the person for ever. */
  subject: string;
  method: 'openid-connect' | 'password';
  issuer: string | null;
}

/** Signs somebody in, in this browser; what that is stands in the history. */
export async function startSession(
  response: Response,
  { tenantId, name, role, subject, method, issuer }: SignedIn,
  { pool, store, logger }: Pick<Platform, 'pool' | 'store' | 'logger'>,
  settings: ConsoleSettings,
  now: Date,
): Promise<ConsoleSession> {
  const token = newToken();
  const endsAt = endOfSession(settings, now);
  const sessionId = newEmailId();
  const account = method === 'password' ? subject : null;
  const session = { sessionId, tenantId, name, role, account, beganAt: now, usedAt: now, endsAt };
  await store.append(
    pool,
    { emailId: sessionId, tenantId },
    0,
    [
      {
        name: 'ConsoleSignedIn',
        data: { method, issuer, role, endsAt: endsAt.toISOString() },
        personal: { by: name, subject },
      },
    ],
    { traceparent: currentTraceparent(), when: beginning(session, digestOf(token)) },
  );
  signalAppended('receipts');
  logger.info({ tenantId, sessionId, role }, 'signed in to the console');
  COOKIES.session.set(response, token, endsAt);
  return session;
}

/**
 * Who asks.
 *
 * @throws Problem `not-signed-in`
 */
export async function requireSession(
  request: Request,
  { pool, tenants }: Pick<Platform, 'pool' | 'tenants'>,
  settings: ConsoleSettings,
  now: Date,
): Promise<ConsoleSession> {
  const token = COOKIES.session.tokenIn(request);
  const session = token === null ? null : await sessionOf(pool, digestOf(token));
  const tenant = session === null ? undefined : tenants.get(session.tenantId);
  if (session === null || !goesOn(session, settings, now) || !mayStill(session, tenant?.console))
    throw new Problem('not-signed-in', 'Sign in first.');
  return session;
}

/** Settings may have changed since somebody signed in: what he signed in by has to be there, and to allow as much. */
const mayStill = ({ account, role }: ConsoleSession, now: ConsoleOfTenant | undefined): boolean =>
  account === null
    ? now?.openIdConnect !== undefined
    : now?.accounts.some((each) => each.name === account && each.role === role) === true;
