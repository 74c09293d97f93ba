// SPDX-License-Identifier: Apache-2.0
import { ATTRIBUTE, METRIC, observe } from '@securemail/telemetry';
import pg from 'pg';
import { isUnavailable } from './is-unavailable.ts';
import { schemaName } from './schema-name.ts';

export type Pool = pg.Pool;

/** A connection between `BEGIN` and `COMMIT`; only valid inside the work given to {@link inTransaction}. */
export type Transaction = pg.PoolClient;

export interface PoolOptions {
  /** `postgres://user:password@host:port/database` */
  url: string;
  /** The search path of every connection. */
  schema: string;
  /** Connections at most. Default 10. */
  max?: number;
  /** How the connections are named in `pg_stat_activity`. */
  applicationName?: string;
}

/**
 * A forgotten open transaction would hold up every reader of events (see GapSafeReader), so the server ends it.
 * Milliseconds.
 */
const LONGEST_IDLE_TRANSACTION = 60_000;

/** After a failover the way to the old server may swallow what is sent, and TCP waits a quarter of an hour. Milliseconds. */
const LONGEST_QUERY = 60_000;
const LONGEST_WAIT_FOR_A_CONNECTION = 30_000;

/**
 * A host may be lost without a word: what its sessions hold, the right to lead a group of readers above all, is free only when the
 * server has ended them, and by itself it waits for two hours. Where something was sent that nobody takes, or an answer
 * is asked for in vain, Linux goes by the last of these (milliseconds), others by the count.
 */
const SERVER_ENDS_LOST_SESSIONS = [
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=25000',
];

/** What a session begins with, as PostgreSQL takes it. */
export const sessionOptions = (settings: readonly string[]): string =>
  [...settings, ...SERVER_ENDS_LOST_SESSIONS].map((setting) => `-c ${setting}`).join(' ');

/** Opens no connection yet. A lost database shows in the next query, never as a crash of the process. */
export function createPool({ url, schema, max = 10, applicationName }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    options: sessionOptions([`search_path=${schemaName(schema)}`]),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: LONGEST_WAIT_FOR_A_CONNECTION,
    query_timeout: LONGEST_QUERY,
    idle_in_transaction_session_timeout: LONGEST_IDLE_TRANSACTION,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
  });
  pool.on('error', ignoreLostConnection);
  // The pool watches idle clients only: one lost between two queries of a transaction would end the process.
  pool.on('connect', (client) => {
    client.on('error', ignoreLostConnection);
  });
  showPool(pool, { name: `${applicationName ?? 'securemail'}/${schema}`, max });
  return pool;
}

/** Shows who uses the pool and who waits for it, to who collects metrics, until it ends. */
function showPool(pool: Pool, { name, max }: { name: string; max: number }): void {
  const of = { [ATTRIBUTE.poolName]: name };
  const gauges = [
    observe(METRIC.poolConnections, () =>
      Promise.resolve([
        { value: pool.totalCount - pool.idleCount, attributes: { ...of, [ATTRIBUTE.poolState]: 'used' } },
        { value: pool.idleCount, attributes: { ...of, [ATTRIBUTE.poolState]: 'idle' } },
      ]),
    ),
    observe(METRIC.poolMost, () => Promise.resolve([{ value: max, attributes: of }])),
    observe(METRIC.poolWaiting, () => Promise.resolve([{ value: pool.waitingCount, attributes: of }])),
  ];
  const end = pool.end.bind(pool);
  pool.end = async () => {
    for (const gauge of gauges) gauge.close();
    await end();
  };
}

function ignoreLostConnection(): void {
  // Whoever queries next is told; the pool replaces the connection.
}

/**
 * Runs `work` between `BEGIN` and `COMMIT`; rolls back where it throws. When this resolves, the commit is durable.
 * Where the connection dies during `COMMIT` it throws although the commit may have happened.
 */
export async function inTransaction<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let unusable = true;
  try {
    await client.query('begin');
    const result = await work(client);
    const { command } = await client.query('commit');
    unusable = false;
    // PostgreSQL answers COMMIT with ROLLBACK, and no error, where an earlier statement had failed.
    if (command !== 'COMMIT') {
      throw new Error(
        'the transaction was rolled back: one of its statements failed and the error was not passed on',
      );
    }
    return result;
  } catch (error) {
    // Over a way that swallows what is sent, a rollback would be waited for as long again.
    if (unusable && !isUnavailable(error)) unusable = !(await rollBack(client));
    throw error;
  } finally {
    client.release(unusable);
  }
}

const rollBack = (client: Transaction): Promise<boolean> =>
  client.query('rollback').then(
    () => true,
    () => false,
  );

/**
 * Whether the server answered a statement with an error, so that it certainly did nothing. Of a connection that was
 * lost, or ended by the server (FATAL), nobody knows whether what it was doing was still committed.
 */
export const wasRefused = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === 'ERROR';
