// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { reasonOf } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import type { AppliedPolicy } from '@securemail/tls-policy';
import { dayOf } from '../domain/report-times.ts';
import type { SessionResult } from '../domain/tls-session.ts';

/** Whose session it is, and the policy that it stands under. */
export interface Counted {
  domain: string;
  policy: AppliedPolicy;
}

export interface CountedSession extends Counted {
  mxHost: string | null;
  receivingIp: string | null;
  result: SessionResult;
}

/** Counts TLS sessions for the reports of RFC 8460. Nobody waits for it, and it fails nobody. */
export interface TlsSessions {
  count(session: CountedSession): void;
  /** Writes down what was counted, as far as the database is there. */
  close(): Promise<void>;
}

const FLUSH_MS = 5_000;
/** Different counts at once; beyond it no new ones begin until they are written down. */
const MOST = 10_000;
const CLOSE_WITHIN_MS = 2_000;

interface Row {
  day: string;
  key: string;
  domain: string;
  policy: Pick<AppliedPolicy, 'type' | 'strings' | 'mxPatterns'>;
  mx_host: string | null;
  receiving_ip: string | null;
  result: SessionResult;
  sessions: number;
}

const ADD = `
  insert into tls_sessions (day, key, domain, policy, mx_host, receiving_ip, result, sessions)
  select * from jsonb_to_recordset($1::jsonb) as counted (
    day date, key text, domain text, policy jsonb, mx_host text, receiving_ip text, result text, sessions int)
  on conflict (day, key) do update set sessions = tls_sessions.sessions + excluded.sessions`;

/** Counts in memory, and adds to the table every few seconds; a crash loses these seconds, which are counts only. */
export function tlsSessions(
  { pool, logger }: Pick<Platform, 'pool' | 'logger'>,
  clock: () => Date = () => new Date(),
): TlsSessions {
  let counted = new Map<string, Row>();
  const add = (row: Row) => {
    const id = `${row.day} ${row.key}`;
    const known = counted.get(id);
    if (known !== undefined) known.sessions += row.sessions;
    else if (counted.size < MOST) counted.set(id, row);
  };

  const flush = async () => {
    if (counted.size === 0) return;
    // In one order, so that replicas do not wait for each other in a circle.
    const rows = [...counted.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    counted = new Map();
    try {
      await pool.query(ADD, [JSON.stringify(rows)]);
    } catch (error) {
      rows.forEach(add);
      logger.warn({ reason: reasonOf(error) }, 'TLS sessions could not be counted, trying again');
    }
  };
  let flushing = Promise.resolve();
  const flushNext = () => (flushing = flushing.then(flush));
  const timer = setInterval(() => void flushNext(), FLUSH_MS).unref();

  return {
    count({ domain, policy: { type, strings, mxPatterns }, mxHost, receivingIp, result }) {
      const policy = { type, strings, mxPatterns };
      const key = createHash('sha256')
        .update(JSON.stringify([domain, policy, mxHost, receivingIp, result]))
        .digest('hex');
      const day = dayOf(clock());
      add({ day, key, domain, policy, mx_host: mxHost, receiving_ip: receivingIp, result, sessions: 1 });
    },
    async close() {
      clearInterval(timer);
      const bound = Promise.withResolvers<undefined>();
      const timeout = setTimeout(() => {
        bound.resolve(undefined);
      }, CLOSE_WITHIN_MS);
      await Promise.race([flushNext(), bound.promise]);
      clearTimeout(timeout);
    },
  };
}
