// SPDX-License-Identifier: Apache-2.0
import { newEmailId, type DataOf, type EmailId, type NewEvent } from '@securemail/contracts';
import { whoeverElseAppends } from '@securemail/event-store';
import { signalAppended } from '@securemail/event-log';
import { Problem, sessionIn, type Platform, type Principal } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { inspecting, inspectingByKey, isInspected, looking } from './adapters/sessions.ts';

type Appending = Pick<Platform, 'pool' | 'store'>;

/**
 * Somebody looks at an email. Of a person once in a session: what is loaded anew by itself is no other look.
 *
 * @throws Problem where the session has ended.
 */
export async function noteInspection(
  platform: Appending,
  principal: Principal,
  emailId: EmailId,
): Promise<void> {
  if (principal.person === undefined) return noteInspectionByKey(platform, principal, emailId);
  await note(platform, principal, (sessionId, by) => ({
    stream: emailId,
    event: { name: 'EmailInspected', data: { keyId: principal.keyId }, personal: { by } },
    when: inspecting(sessionId, emailId),
    isKnown: () => isInspected(platform.pool, sessionId, emailId),
  }));
}

/**
 * An API key that may audit or administer looks at what happened to an email. Once a day: a system asks again and again. One
 * that does neither follows what it sent itself, and leaves no look.
 */
async function noteInspectionByKey(
  { pool, store }: Appending,
  { keyId, scopes, tenantId }: Principal,
  emailId: EmailId,
): Promise<void> {
  if (!seesWhatOthersSent(scopes)) return;
  const event: NewEvent = { name: 'EmailInspected', data: { keyId }, personal: { by: keyId } };
  const appended = await whoeverElseAppends(() =>
    store.append(pool, { emailId, tenantId }, 'any', [event], {
      traceparent: currentTraceparent(),
      when: inspectingByKey(tenantId, keyId, emailId, new Date()),
    }),
  );
  if (appended.length > 0) signalAppended('receipts');
}

interface Search {
  kind: DataOf<'ConsoleSearched'>['kind'];
  text: string;
}

/** An API key that may audit or administer looks for emails: each time, in a stream of its own. */
export async function noteSearchByKey(
  { pool, store }: Appending,
  { person, keyId, scopes, tenantId }: Principal,
  { kind, text }: Search,
): Promise<void> {
  if (person !== undefined || !seesWhatOthersSent(scopes)) return;
  const event: NewEvent = { name: 'ConsoleSearched', data: { kind }, personal: { by: keyId, sought: text } };
  await store.append(pool, { emailId: newEmailId(), tenantId }, 0, [event], {
    traceparent: currentTraceparent(),
  });
  signalAppended('receipts');
}

const seesWhatOthersSent = (scopes: Principal['scopes']): boolean =>
  scopes.some((scope) => scope === 'audit' || scope === 'admin');

/** A person looks for emails. */
export async function noteSearch(
  platform: Appending,
  principal: Principal,
  { kind, text }: Search,
): Promise<void> {
  await note(platform, principal, (sessionId, by) => ({
    stream: sessionId,
    event: { name: 'ConsoleSearched', data: { kind }, personal: { by, sought: text } },
    when: looking(sessionId),
    isKnown: () => Promise.resolve(false),
  }));
}

interface Look {
  stream: EmailId;
  event: NewEvent;
  /** Returns nothing where the session has ended, or the look is known. */
  when: ReturnType<typeof looking>;
  isKnown: () => Promise<boolean>;
}

/** Who is no person, but a system, leaves no look here. @throws Problem where the session has ended. */
async function note(
  { pool, store }: Appending,
  { person, keyId, tenantId }: Principal,
  lookOf: (sessionId: EmailId, person: string) => Look,
): Promise<void> {
  const sessionId = sessionIn(keyId);
  if (person === undefined || sessionId === null) return;
  const { stream, event, when, isKnown } = lookOf(sessionId, person);
  const appended = await whoeverElseAppends(() =>
    store.append(pool, { emailId: stream, tenantId }, 'any', [event], {
      traceparent: currentTraceparent(),
      when,
    }),
  );
  if (appended.length > 0) signalAppended('receipts');
  else if (!(await isKnown())) throw signedOut();
}

/** A token lives a little longer than the session that it is of; nobody looks at anything without it being written down. */
export const signedOut = () =>
  new Problem('unauthenticated', 'Sign in again.', {}, { 'WWW-Authenticate': 'Bearer' });
