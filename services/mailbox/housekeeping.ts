// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import { forgetConversations } from './adapters/conversations.ts';
import { endedCredentials, forgetCredential } from './adapters/credentials.ts';
import { removeBroken } from './adapters/draft-files.ts';
import { endDraft, oldDrafts, release } from './adapters/drafts.ts';
import { forgetMessages } from './adapters/messages.ts';
import { forgetChallenges } from './adapters/passkey-challenges.ts';
import { forgetOpenIdSignIn, oldOpenIdSignIns } from './adapters/openid-sign-ins.ts';
import { forgetPasswordTries } from './adapters/passwords.ts';
import { forgetReplies } from './adapters/replies.ts';
import { forgetProofCodes } from './adapters/second-channel-codes.ts';
import { forgetSessions } from './adapters/sessions.ts';
import { forgetSignIns } from './adapters/sign-ins.ts';
import { takeAwayCredential } from './credentials.ts';
import type { MailboxSettings } from './settings.ts';

const A_MINUTE = 60_000;
const A_DAY = 24 * 60 * A_MINUTE;
/** So long somebody who follows an old link is told that its message is gone, and not that the link leads nowhere. */
const ENDED_ARE_KNOWN_MS = 30 * A_DAY;
/** A day at most, and what signing in takes before it. Milliseconds. */
const LONGEST_SESSION_MS = A_DAY + 60 * A_MINUTE;
/** So long a file that broke off can go on. Milliseconds. */
export const BROKEN_ARE_KEPT_MS = A_DAY;

export async function tidy(
  { pool, vault, store }: Pick<Platform, 'pool' | 'vault' | 'store'>,
  { sessionIdleMinutes }: MailboxSettings,
  now: Date,
): Promise<void> {
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
  await forgetSignIns(pool, ago(A_DAY));
  await forgetProofCodes(pool, ago(A_DAY));
  await forgetSessions(pool, now, ago(sessionIdleMinutes * A_MINUTE));
  await forgetMessages(pool, ago(ENDED_ARE_KNOWN_MS));
  await forgetReplies(pool, now);
  await forgetConversations(pool, now);
  await forgetBroken({ pool, vault }, ago(BROKEN_ARE_KEPT_MS));
  await forgetChallenges(pool, now);
  await forgetPasswordTries(pool, ago(60 * A_MINUTE));
  // The others go all the same; what fails goes the next time.
  const notForgotten =
    (await forgetOpenIdSignIns({ pool, vault }, ago(LONGEST_SESSION_MS))) +
    (await forgetCredentials({ pool, vault, store }, now, ago(A_DAY)));
  const failed = new Set<string>();
  for (;;) {
    const old = (await oldDrafts(pool, ago(A_DAY), now)).filter((draftId) => !failed.has(draftId));
    if (old.length === 0) break;
    for (const draftId of old) {
      try {
        await vault.erase(draftId);
        await endDraft(pool, draftId);
      } catch {
        failed.add(draftId);
      }
    }
  }
  if (failed.size > 0) throw new Error(`${failed.size} drafts could not be erased`);
  if (notForgotten > 0) throw new Error(`${notForgotten} ways to sign in could not be erased`);
}

async function forgetBroken({ pool, vault }: Pick<Platform, 'pool' | 'vault'>, before: Date): Promise<void> {
  for (;;) {
    const broken = await removeBroken(pool, before);
    for (const { draftId, parts, size } of broken) {
      await vault.remove({ emailId: draftId }, parts);
      await release(pool, draftId, size);
    }
    if (broken.length === 0) return;
  }
}

/** With the addresses that were proven: no session goes on so long. */
async function forgetOpenIdSignIns(
  { pool, vault }: Pick<Platform, 'pool' | 'vault'>,
  before: Date,
): Promise<number> {
  return await failuresOf(await oldOpenIdSignIns(pool, before), async ({ signInId, isAnswered }) => {
    if (isAnswered) await vault.erase(signInId);
    await forgetOpenIdSignIn(pool, signInId);
  });
}

/** Does it with each. @returns with how many it failed. */
async function failuresOf<T>(all: readonly T[], act: (each: T) => Promise<void>): Promise<number> {
  let failures = 0;
  for (const each of all)
    await act(each).catch(() => {
      failures += 1;
    });
  return failures;
}

/** With what named their owners. @param addedBefore whoever has only just added one may still be about to write. */
async function forgetCredentials(
  kept: Pick<Platform, 'pool' | 'vault' | 'store'>,
  now: Date,
  addedBefore: Date,
): Promise<number> {
  return await failuresOf(await endedCredentials(kept.pool, now, addedBefore), async (credential) => {
    const { credentialId, isRemoved } = credential;
    if (!isRemoved)
      await takeAwayCredential(
        credential,
        { because: 'nothing-kept', tell: null, exceptSession: null },
        kept,
        now,
      );
    await kept.vault.erase(credentialId);
    await forgetCredential(kept.pool, credentialId);
  });
}

/** Forgets what has ended; one of all replicas. */
export function startHousekeeping(
  platform: Pick<Platform, 'pool' | 'vault' | 'store' | 'logger'>,
  settings: MailboxSettings,
): Closable {
  const { pool, logger } = platform;
  const closing = new AbortController();
  const running = whileLeader(
    pool,
    'housekeeping',
    closing.signal,
    async (signal) => {
      while (!signal.aborted) {
        await tidy(platform, settings, new Date()).catch((error: unknown) => {
          logger.warn({ reason: reasonOf(error) }, 'housekeeping failed, next try later');
        });
        await pause(10 * A_MINUTE, signal);
      }
    },
    (error) => {
      logger.warn({ reason: reasonOf(error) }, 'housekeeping could not begin, trying again');
    },
  );
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
