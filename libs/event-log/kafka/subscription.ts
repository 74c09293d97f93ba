// SPDX-License-Identifier: Apache-2.0
import { fromCloudEvent, UnreadableEventError } from '@securemail/contracts';
import type { Logger } from '@securemail/telemetry';
import type { Admin, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { ClosingError, pause, untilDone } from '../backoff.ts';
import { reasonOf } from '../consumer/failure.ts';
import type { Arrival, Progress, Running, Subscription } from '../event-log.ts';
import { together } from '../together.ts';
import { offsetCommits, type OffsetCommits } from './offset-commits.ts';
import { ensureTopics, serviceOf, topicOf, type TopicSettings } from './topics.ts';

export interface KafkaSubscriptionOptions {
  kafka: Kafka;
  topics: TopicSettings;
  logger: Logger;
}

const BACKOFF = { firstMs: 100, longestMs: 5_000 };
const HEARTBEAT_MS = 1_000;

/** When the broker answers a fetch: with the first event, or when many have gathered or the time is over. */
const AT_ONCE = { minBytes: 1, maxWaitTimeInMs: 100 };
const gathering = (lingerMs: number) => ({ minBytes: 64 * 1_024, maxWaitTimeInMs: lingerMs });

/** Batches of so many partitions at once, and those that come within so many milliseconds, are delivered together. */
const MANY_PARTITIONS = 64;
const GATHER_MS = 5;

/**
 * Consumes the topics of a subscription in a consumer group. Offsets are committed some time after a batch is dealt
 * with, so a crash repeats and never skips. A kafkajs consumer that has died, as it does of some errors without a word, is made anew.
 */
export function startKafkaSubscription(
  subscription: Subscription,
  options: KafkaSubscriptionOptions,
): Running {
  const { group, sources, lingerMs } = subscription;
  const { kafka, topics, logger } = options;
  const closing = new AbortController();
  const topicNames = sources.map((service) => topicOf(topics, service));
  const admin = kafka.admin();
  let adminConnected: Promise<void> | undefined;
  let lastProgressAt = new Date();
  let inHand = 0;
  const progressed = () => {
    lastProgressAt = new Date();
  };
  const gathered = together(subscription.deliver, { lingerMs: GATHER_MS, signal: closing.signal });
  const deliver = (arrivals: readonly Arrival[], signal: AbortSignal) =>
    lingerMs === undefined
      ? subscription.deliver(arrivals, { signal, progressed })
      : gathered(arrivals, progressed);

  const runOnce = async () => {
    const died = Promise.withResolvers<undefined>();
    const consumer = kafka.consumer({
      groupId: `${topics.prefix}.${group}`,
      sessionTimeout: 15_000,
      heartbeatInterval: HEARTBEAT_MS * 2,
      ...(lingerMs === undefined ? AT_ONCE : gathering(lingerMs)),
      allowAutoTopicCreation: false,
      // Whatever kafkajs thinks can't be retried is ours to decide: the consumer is made anew.
      retry: {
        initialRetryTime: 200,
        maxRetryTime: 5_000,
        retries: 8,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      died.reject(payload.error);
    });
    consumer.on(consumer.events.STOP, () => {
      died.resolve(undefined);
    });
    // Only awaited below; a crash while still connecting must not be an unhandled rejection.
    died.promise.catch(() => {});
    const onClosing = () => {
      died.resolve(undefined);
    };
    closing.signal.addEventListener('abort', onClosing, { once: true });
    const commits = offsetCommits(consumer, (error) => {
      logger.debug({ group, reason: reasonOf(error) }, 'offsets not committed');
    });
    try {
      await withAdmin(kafka, (connected) => ensureTopics(connected, topics, sources));
      await consumer.connect();
      await consumer.subscribe({ topics: topicNames, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: lingerMs === undefined ? 4 : MANY_PARTITIONS,
        eachBatch: (payload) => takeBatch(commits, payload),
      });
      if (!closing.signal.aborted) await died.promise;
      await commits.flush();
    } finally {
      commits.close();
      closing.signal.removeEventListener('abort', onClosing);
      await consumer.disconnect().catch((error: unknown) => {
        logger.debug({ group, reason: reasonOf(error) }, 'kafka consumer did not disconnect cleanly');
      });
    }
  };

  const takeBatch = async (commits: OffsetCommits, payload: EachBatchPayload) => {
    const { batch } = payload;
    const source = serviceOf(topics, batch.topic);
    const abandoned = new AbortController();
    const abandonIfLost = () => {
      if (closing.signal.aborted || !payload.isRunning() || payload.isStale()) abandoned.abort();
    };
    const beat = setInterval(() => {
      abandonIfLost();
      payload.heartbeat().catch(() => {
        abandoned.abort();
      });
    }, HEARTBEAT_MS);
    inHand += batch.messages.length;
    try {
      abandonIfLost();
      const signal = AbortSignal.any([closing.signal, abandoned.signal]);
      const arrivals = batch.messages.map((message) => arrivalOf(message, source, batch.partition));
      await untilDone(() => deliver(arrivals, signal), {
        signal,
        backoff: BACKOFF,
        onFailure: (error) => {
          logger.warn({ group, reason: reasonOf(error) }, 'event log interrupted, trying again');
        },
      });
      payload.resolveOffset(batch.lastOffset());
      commits.reached(batch.topic, batch.partition, BigInt(batch.lastOffset()) + 1n);
      progressed();
      // Who closes waits for what is in hand, and then for no timer.
      if (closing.signal.aborted) await commits.flush();
    } catch (error) {
      // Given up because the partition is no longer ours or we are closing: whoever has it next begins here again.
      if (!(error instanceof ClosingError)) throw error;
    } finally {
      clearInterval(beat);
      inHand -= batch.messages.length;
    }
  };

  const run = async () => {
    while (!closing.signal.aborted) {
      try {
        await runOnce();
      } catch (error) {
        logger.warn({ group, reason: reasonOf(error) }, 'kafka consumer died, making it anew');
      }
      await pause(500, closing.signal);
    }
  };
  const running = run();

  return {
    async progress(): Promise<Progress> {
      adminConnected ??= admin.connect().catch((error: unknown) => {
        // Whoever asks next tries again.
        adminConnected = undefined;
        throw error;
      });
      await adminConnected;
      const behind = await lagOf(admin, `${topics.prefix}.${group}`, topicNames);
      if (behind === 0 && inHand === 0) lastProgressAt = new Date();
      return { behind: Math.max(behind, inHand), lastProgressAt };
    },
    async close() {
      closing.abort();
      await running;
      await admin.disconnect();
    },
  };
}

function arrivalOf(message: KafkaMessage, source: ReturnType<typeof serviceOf>, partition: number): Arrival {
  const headers = Object.fromEntries(
    Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value.toString()]],
    ),
  );
  const value = message.value?.toString() ?? '';
  try {
    return { kind: 'event', event: fromCloudEvent({ headers, value }) };
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return {
      kind: 'unreadable',
      source,
      raw: JSON.stringify({ partition, offset: message.offset, headers, value }),
      reason: error.message,
    };
  }
}

async function withAdmin(kafka: Kafka, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Events in the group's topics that it has not committed yet. */
async function lagOf(admin: Admin, groupId: string, topics: string[]): Promise<number> {
  const committed = await admin.fetchOffsets({ groupId, topics });
  const lags = await Promise.all(
    committed.map(async ({ topic, partitions }) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.map(({ partition, high, low }) => {
        const at = partitions.find((part) => part.partition === partition)?.offset ?? '-1';
        const from = BigInt(at) < 0n ? BigInt(low) : BigInt(at);
        return Number(BigInt(high) - from);
      });
    }),
  );
  return lags.flat().reduce((sum, lag) => sum + Math.max(0, lag), 0);
}
