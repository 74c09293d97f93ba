// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import type { Closable, ConsoleSettings, Platform } from '@securemail/service';
import { forgetEnded } from './adapters/sessions.ts';

const A_MINUTE = 60_000;
/** Milliseconds. */
const SIGN_INS_ARE_KEPT = 60 * A_MINUTE;

/** Forgets who was signed in, every minute. */
export function startForgetting(
  { pool, logger }: Pick<Platform, 'pool' | 'logger'>,
  { sessionIdleMinutes }: ConsoleSettings,
): Closable {
  const closing = new AbortController();
  const warn = (error: unknown) => {
    logger.warn(
      { reason: reasonOf(error) },
      'ended sessions of the console could not be forgotten, trying again',
    );
  };
  const work = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const now = new Date();
      const ago = (ms: number) => new Date(now.getTime() - ms);
      await forgetEnded(pool, now, ago(sessionIdleMinutes * A_MINUTE), ago(SIGN_INS_ARE_KEPT)).catch(warn);
      await pause(A_MINUTE, signal);
    }
  };
  const running = whileLeader(pool, 'console', closing.signal, work, warn);
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
