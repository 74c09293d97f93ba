// SPDX-License-Identifier: Apache-2.0
import { endSession, type NextHop, type SmtpSession } from './smtp-connection.ts';

/** After so many mails a connection ends, so that a busy one is not kept to one server of many for ever. */
const MAILS_EACH = 100;

export interface IdleSessions {
  /** One that waits for mail to this hop; null where there is none. */
  take(hop: NextHop): SmtpSession | null;
  /** Keeps one open for the next mail, for a while. */
  keep(hop: NextHop, session: SmtpSession): void;
  /** Ends all. */
  close(): void;
}

/**
 * Connections that wait for the next mail to the same server. Connecting and TLS cost both sides more than a mail of
 * usual size, and servers limit how often they are connected to.
 *
 * @param idleMs how long one waits; 0: no connection carries a second mail.
 */
export function idleSessions(idleMs: number): IdleSessions {
  const waiting = new Map<string, Set<SmtpSession>>();
  const timers = new Map<SmtpSession, NodeJS.Timeout>();

  const forget = (key: string, session: SmtpSession) => {
    clearTimeout(timers.get(session));
    timers.delete(session);
    const same = waiting.get(key);
    same?.delete(session);
    if (same?.size === 0) waiting.delete(key);
    session.connection.removeAllListeners('error');
    session.connection.removeAllListeners('end');
  };

  const end = (key: string, session: SmtpSession) => {
    forget(key, session);
    endSession(session);
  };

  return {
    take(hop) {
      const key = keyOf(hop);
      const session = [...(waiting.get(key) ?? [])].at(-1);
      if (session === undefined) return null;
      forget(key, session);
      // Until it is spoken over somebody has to hear that it ended: an error that nobody hears ends the process.
      session.connection.on('error', () => undefined);
      return session;
    },

    keep(hop, session) {
      if (idleMs === 0 || session.mails >= MAILS_EACH) {
        endSession(session);
        return;
      }
      const key = keyOf(hop);
      waiting.set(key, (waiting.get(key) ?? new Set()).add(session));
      const over = () => {
        end(key, session);
      };
      timers.set(session, setTimeout(over, idleMs));
      session.connection.removeAllListeners('error');
      session.connection.removeAllListeners('end');
      session.connection.once('error', over);
      session.connection.once('end', over);
    },

    close() {
      for (const [key, sessions] of waiting) for (const session of sessions) end(key, session);
    },
  };
}

/** Whoever asks for other TLS asks for another connection. */
const keyOf = ({ counted: _, ...hop }: NextHop): string => JSON.stringify(hop);
