// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { EmailId } from '@securemail/contracts';
import { inTransaction, type Transaction } from '@securemail/event-store';
import type { Platform, Proof } from '@securemail/service';
import { endOfSession } from '@securemail/sign-in';
import type { Response } from 'express';
import type { Reader } from '../adapters/messages.ts';
import { digestOf, newToken } from '../adapters/secrets.ts';
import { beginSession } from '../adapters/sessions.ts';
import type { MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';

/**
 * Signs somebody in, in this browser, where what he proves himself by still counts.
 *
 * @param signInId the stream that says which address was proven.
 * @param use up what it is done by, in the same transaction; false: it counts no more.
 * @returns when the session ends; null where it did not begin.
 */
export async function startSession(
  response: Response,
  { tenantId, person, signInId, proofs = [] }: Reader & { signInId: EmailId; proofs?: readonly Proof[] },
  { pool, logger }: Pick<Platform, 'pool' | 'logger'>,
  settings: MailboxSettings,
  now: Date,
  use: (tx: Transaction) => Promise<boolean>,
): Promise<Date | null> {
  // Another one than before: who knew the browser's secret until now does not know this one.
  const token = newToken();
  const endsAt = endOfSession(settings, now);
  const sessionId = randomUUID();
  const isBegun = await inTransaction(pool, async (tx) => {
    if (!(await use(tx))) return false;
    const session = {
      sessionId,
      signInId,
      tenantId,
      person,
      beganAt: now,
      usedAt: now,
      endsAt,
      proofs,
    };
    await beginSession(tx, session, digestOf(token));
    return true;
  });
  if (!isBegun) return null;
  logger.info({ tenantId, signInId, sessionId }, 'signed in');
  COOKIES.session.set(response, token, endsAt);
  return endsAt;
}
