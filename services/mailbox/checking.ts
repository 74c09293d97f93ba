// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import { ATTRIBUTE, count, countFromZero, METRIC } from '@securemail/telemetry';
import { ContentErasedError, ContentMissingError } from '@securemail/vault';
import { askClamd } from './adapters/clamd.ts';
import { nextToCheck, noteFailedCheck, noteVerdict } from './adapters/draft-files.ts';
import { contentBehindHead } from './adapters/kept-parts.ts';
import type { ClamavSettings } from './settings.ts';

/** Files that one process has looked into at the same time. */
const AT_ONCE = 2;
/** So often it is looked for files of other processes, and of those that ended. Milliseconds. */
const EVERY = 2_000;
/** So much longer than the scanner may take nobody else asks it. Milliseconds. */
const MARGIN = 10_000;

const REFUSED = {
  harmful: 'harmful file refused',
  unscannable: 'file refused that can not be looked into',
};

/** Has files looked into, once they are whole. */
export interface Checking extends Closable {
  /** There is a file. */
  wake(): void;
}

/** Where there is no scanner nothing is to be done. */
export const NO_CHECKING: Checking = { wake: () => undefined, close: () => Promise.resolve() };

/** Alerts look at it before there is any. */
export const showUnchecked = (): void => {
  countFromZero(METRIC.filesChecked, { [ATTRIBUTE.outcome]: 'not-checked' });
};

export function startChecking(
  platform: Pick<Platform, 'pool' | 'vault' | 'logger'>,
  clamav: ClamavSettings,
): Checking {
  const closing = new AbortController();
  const idle = new Set<AbortController>();
  const work = async () => {
    while (!closing.signal.aborted) {
      const isDone = await checkNext(platform, clamav, closing.signal).catch((error: unknown) => {
        platform.logger.warn({ reason: reasonOf(error) }, 'files could not be checked, next try later');
        return false;
      });
      if (isDone) continue;
      const waiting = new AbortController();
      idle.add(waiting);
      await pause(EVERY, AbortSignal.any([closing.signal, waiting.signal]));
      idle.delete(waiting);
    }
  };
  const working = Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    wake: () => {
      for (const waiting of idle) waiting.abort();
    },
    close: async () => {
      closing.abort();
      await working;
    },
  };
}

/** @returns whether there was one. */
async function checkNext(
  { pool, vault, logger }: Pick<Platform, 'pool' | 'vault' | 'logger'>,
  clamav: ClamavSettings,
  closing: AbortSignal,
): Promise<boolean> {
  const now = Date.now();
  const until = new Date(now + clamav.timeoutSeconds * 1_000 + MARGIN);
  const file = await nextToCheck(pool, new Date(now), until);
  if (file === null) return false;
  const { fileId, draftId, parts } = file;
  const owner = { emailId: draftId };
  try {
    const scanned = await askClamd(clamav, contentBehindHead(vault, owner, parts), closing);
    const { verdict } = scanned;
    if (verdict === 'clean') {
      if (!(await noteVerdict(pool, file, verdict, parts))) return true;
    } else {
      // What it is called stays, so that who sent it up is told.
      if (!(await noteVerdict(pool, file, verdict, parts.slice(0, 1)))) return true;
      await vault.remove(owner, parts.slice(1));
      logger.warn({ draftId, found: scanned.found }, REFUSED[verdict]);
    }
    count(METRIC.filesChecked, { [ATTRIBUTE.outcome]: verdict });
  } catch (error) {
    // It was taken out meanwhile, or its draft thrown away.
    if (error instanceof ContentErasedError || error instanceof ContentMissingError) return true;
    await noteFailedCheck(pool, fileId, new Date(Date.now() + clamav.retrySeconds * 1_000));
    if (closing.aborted) return true;
    count(METRIC.filesChecked, { [ATTRIBUTE.outcome]: 'not-checked' });
    logger.warn({ draftId, reason: reasonOf(error) }, 'file could not be checked, next try later');
  }
  return true;
}
