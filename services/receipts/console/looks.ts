// SPDX-License-Identifier: Apache-2.0
import type { DataOf, EmailId } from '@securemail/contracts';
import { whoeverElseAppends } from '@securemail/event-store';
import { signalAppended } from '@securemail/event-log';
import { Problem, sessionIn, type Platform, type Principal } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { inspecting, isInspected, looking } from './adapters/sessions.ts';

type Appending = Pick<Platform, 'pool' | 'store'>;

/** A person looks at an email. Once in a session: what is loaded anew by itself is no other look. */
export async function noteInspection(
  { pool, store }: Appending,
  { person, keyId, tenantId }: Principal,
  emailId: EmailId,
): Promise<void> {
  const sessionId = sessionIn(keyId);
  if (person === undefined || sessionId === null) return;
  const appended = await whoeverElseAppends(() =>
    store.append(
      pool,
      { emailId, tenantId },
      'any',
      [{ name: 'EmailInspected', data: { keyId }, personal: { by: person } }],
      { traceparent: currentTraceparent(), when: inspecting(sessionId, emailId) },
    ),
  );
  if (appended.length === 0 && !(await isInspected(pool, sessionId, emailId))) throw signedOut();
  if (appended.length > 0) signalAppended('receipts');
}

/** A person looks for emails. */
export async function noteSearch(
  { pool, store }: Appending,
  { person, keyId, tenantId }: Principal,
  { kind, text }: { kind: DataOf<'ConsoleSearched'>['kind']; text: string },
): Promise<void> {
  const sessionId = sessionIn(keyId);
  if (person === undefined || sessionId === null) return;
  const appended = await whoeverElseAppends(() =>
    store.append(
      pool,
      { emailId: sessionId, tenantId },
      'any',
      [{ name: 'ConsoleSearched', data: { kind }, personal: { by: person, sought: text } }],
      { traceparent: currentTraceparent(), when: looking(sessionId) },
    ),
  );
  if (appended.length === 0) throw signedOut();
  signalAppended('receipts');
}

/** A token lives a little longer than the session that it is of; nobody looks at anything without it being written down. */
export const signedOut = () =>
  new Problem('unauthenticated', 'Sign in again.', {}, { 'WWW-Authenticate': 'Bearer' });
