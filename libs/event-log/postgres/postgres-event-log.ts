// SPDX-License-Identifier: Apache-2.0
import type { ServiceName } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Logger } from '@securemail/telemetry';
import { ClosingError, untilDone } from '../backoff.ts';
import { checkpointSaver, loadCheckpoint } from '../checkpoints.ts';
import { reasonOf } from '../consumer/failure.ts';
import type { EventLog, Progress, Running, Subscription } from '../event-log.ts';
import { follow } from './follow.ts';
import { whileLeader } from './leadership.ts';
import { waitingAfter } from '../waiting.ts';
import { postgresReach, readerOf } from './reach.ts';

export interface PostgresEventLogOptions {
  /** For each service that is read, a pool whose search path is that service's schema. */
  sources: (service: ServiceName) => Pool;
  logger: Logger;
  batch?: number;
}

const BACKOFF = { firstMs: 100, longestMs: 5_000 };

/**
 * The event log without a broker: consumers read the services' own tables. One member of a group leads and does the
 * group's work; when it dies the next one goes on from the saved checkpoint.
 */
export function postgresEventLog({ sources, logger, batch = 256 }: PostgresEventLogOptions): EventLog {
  const open = new Set<Running>();
  return {
    // The tables are the log: what is committed is published.
    publish: () =>
      Promise.resolve({
        progress: () => Promise.resolve({ behind: 0, lastProgressAt: new Date() }),
        close: () => Promise.resolve(),
      }),

    subscribe(subscription) {
      const running = runSubscription(subscription, { sources, logger, batch });
      open.add(running);
      return Promise.resolve(running);
    },

    reachOf: (group) => postgresReach(group, sources),

    async close() {
      await Promise.all([...open].map((running) => running.close()));
    },
  };
}

function runSubscription(
  { group, pool, sources: services, deliver, lingerMs }: Subscription,
  { sources, logger, batch }: Required<PostgresEventLogOptions>,
): Running {
  const closing = new AbortController();
  const progress = new Map<ServiceName, Progress>();
  const report = (error: unknown) => {
    if (!(error instanceof ClosingError))
      logger.warn({ group, reason: reasonOf(error) }, 'event log interrupted, trying again');
  };

  const followOne = async (service: ServiceName) => {
    const reader = readerOf(group, service);
    const lead = async (signal: AbortSignal) => {
      const saved = await loadCheckpoint(pool, reader);
      const saver = checkpointSaver(pool, reader);
      await follow({
        source: sources(service),
        service,
        from: saved?.checkpoint ?? null,
        signal,
        batch,
        ...(lingerMs === undefined ? {} : { lingerMs }),
        onRestart: () => {
          logger.warn(
            { group, source: service },
            'the database was restored: reading from the beginning, what is known is skipped',
          );
        },
        take: async (events, next) => {
          if (events.length > 0) {
            const progressed = () => {
              progress.set(service, { behind: events.length, lastProgressAt: new Date() });
            };
            progress.set(service, {
              behind: events.length,
              lastProgressAt: progress.get(service)?.lastProgressAt ?? new Date(),
            });
            const arrivals = events.map((event) => ({ kind: 'event' as const, event }));
            await untilDone(() => deliver(arrivals, { signal, progressed }), {
              signal,
              backoff: BACKOFF,
              onFailure: report,
            });
            await saver.reached(next);
          } else await saver.catchUp();
          progress.set(service, { behind: 0, lastProgressAt: new Date() });
        },
      });
      await saver.flush();
    };
    await whileLeader(
      pool,
      reader,
      closing.signal,
      (signal) =>
        lead(signal).finally(() => {
          // Whoever leads next has what was in hand here: it is no longer ours to be behind with.
          progress.delete(service);
        }),
      report,
    );
  };

  const running = Promise.all(services.map(followOne));
  return {
    progress: () => Promise.resolve(summary([...progress.values()])),
    async lag() {
      const lags = await Promise.all(
        services.map(async (service) => {
          const saved = await loadCheckpoint(pool, readerOf(group, service));
          return waitingAfter(sources(service), saved?.checkpoint ?? null);
        }),
      );
      return lags.reduce((sum, lag) => sum + lag, 0);
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** The one that is behind and has stood longest speaks for all. */
export function summary(parts: readonly Progress[]): Progress {
  const waiting = parts.filter((part) => part.behind > 0);
  const oldest = waiting.toSorted((a, b) => a.lastProgressAt.getTime() - b.lastProgressAt.getTime())[0];
  return {
    behind: waiting.reduce((sum, part) => sum + part.behind, 0),
    lastProgressAt: oldest?.lastProgressAt ?? new Date(),
  };
}
