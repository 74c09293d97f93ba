// SPDX-License-Identifier: Apache-2.0
import {
  toCloudEvent,
  type CloudEventMessage,
  type SealedEvent,
  type ServiceName,
} from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { reached, type Logger } from '@securemail/telemetry';
import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import { checkpointSaver, forgetCheckpoint, loadCheckpoint } from '../checkpoints.ts';
import { reasonOf } from '../consumer/failure.ts';
import type { Progress, Running } from '../event-log.ts';
import { follow } from '../postgres/follow.ts';
import { whileLeader } from '../postgres/leadership.ts';
import { answers } from './answers.ts';
import { waitingAfter } from '../waiting.ts';
import { ensureTopics, topicOf, type TopicSettings } from './topics.ts';

export interface RelayOptions {
  kafka: Kafka;
  service: ServiceName;
  pool: Pool;
  topics: TopicSettings;
  logger: Logger;
  batch?: number;
  /** How often an idle relay compares the topic with what was published into it, milliseconds. Default 5,000. */
  wipeCheckMs?: number;
}

/** The topic holds less than was published into it: it was wiped, and is filled again from the table. */
class TopicWipedError extends Error {
  override name = 'TopicWipedError';
}

/** By partition, the offset behind the last event that was published: what the topic must at least reach. */
type Reached = Record<string, string>;

const READER = 'relay>kafka';

/** Nothing was published for so long: perhaps the brokers do not answer, which starting us anew would not mend. Milliseconds. */
const DOUBT_MS = 15_000;

/** A request to the brokers for several events, against this delay of each. Milliseconds. */
const LINGER_MS = 25;

/**
 * Publishes a service's events table into its topic, in order, at least once. One relay of a service leads at a time.
 * The checkpoint is saved after the brokers have acknowledged (`acks: all`), so a crash repeats and never skips.
 */
export function startRelay(options: RelayOptions): Running {
  const { kafka, service, pool, topics, logger, batch = 500, wipeCheckMs = 5_000 } = options;
  const closing = new AbortController();
  /** Null: another one leads, or nobody can now. */
  let lastPublishedAt: Date | null = null;
  const topic = topicOf(topics, service);
  const report = (error: unknown) => {
    logger.warn({ service, reason: reasonOf(error) }, 'event relay interrupted, trying again');
  };

  const relay = async (signal: AbortSignal, admin: Admin, producer: Producer) => {
    await ensureTopics(admin, topics, [service]);
    const saved = await loadCheckpoint(pool, READER);
    const saver = checkpointSaver(pool, READER);
    let highest: Reached = Object.fromEntries(
      Object.entries(saved?.extra ?? {}).map(([key, value]) => [key, String(value)]),
    );
    let lastCheck = 0;
    await follow({
      source: pool,
      service,
      from: saved?.checkpoint ?? null,
      signal,
      batch,
      lingerMs: LINGER_MS,
      onRestart: () => {
        logger.warn({ service }, 'the database was restored: publishing from the beginning');
      },
      take: async (events, next) => {
        // Before each publishing: what went into a wiped topic ahead of the refill would come out of order.
        if (events.length > 0 || Date.now() - lastCheck > wipeCheckMs) {
          await refuseWipedTopic(admin, topic, highest);
          lastCheck = Date.now();
        }
        if (events.length > 0) {
          highest = { ...highest, ...(await publish(producer, topic, events)) };
          reached('relay:published');
          await saver.reached(next, highest);
        } else await saver.catchUp();
        lastPublishedAt = new Date();
      },
    });
    await saver.flush();
  };

  const lead = async (signal: AbortSignal) => {
    const admin = kafka.admin();
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    try {
      lastPublishedAt = new Date();
      await Promise.all([admin.connect(), producer.connect()]);
      await relay(signal, admin, producer);
    } catch (error) {
      if (!(error instanceof TopicWipedError)) throw error;
      logger.warn({ service, topic }, 'the topic was wiped: filling it again from the table');
      await forgetCheckpoint(pool, READER);
    } finally {
      lastPublishedAt = null;
      await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
    }
  };

  const running = whileLeader(pool, `relay>${topic}`, closing.signal, lead, report);
  return {
    /** How much waits is the same whoever is asked; it stands still here only where this one leads and the brokers answer. */
    async progress(): Promise<Progress> {
      const saved = await loadCheckpoint(pool, READER);
      const behind = await waitingAfter(pool, saved?.checkpoint ?? null);
      const since = lastPublishedAt;
      const isUpToUs =
        behind > 0 && since !== null && Date.now() - since.getTime() > DOUBT_MS && (await answers(kafka));
      return { behind, lastProgressAt: isUpToUs ? since : new Date() };
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** Octets of events that go to the brokers at once: half of what a broker takes that nobody has set up otherwise. */
const SLICE_OCTETS = 512 * 1_024;

async function publish(producer: Producer, topic: string, events: readonly SealedEvent[]): Promise<Reached> {
  const reached: Reached = {};
  for (const messages of slices(events.map(toCloudEvent))) {
    const written = await producer.send({ topic, acks: -1, messages });
    // The broker answers with the first offset of each partition's batch: at least that many lie there.
    for (const part of written) reached[String(part.partition)] = part.baseOffset ?? '0';
  }
  return reached;
}

/** In their order, so many together that no partition gets more at once than its broker takes. */
function slices(messages: readonly CloudEventMessage[]): CloudEventMessage[][] {
  const slices: CloudEventMessage[][] = [];
  let octets = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value) + HEADER_OCTETS;
    octets += size;
    if (octets > SLICE_OCTETS) {
      slices.push([]);
      octets = size;
    }
    slices.at(-1)?.push(message);
  }
  return slices;
}

/** An event's attributes and what Kafka puts around it, generously. */
const HEADER_OCTETS = 1_024;

async function refuseWipedTopic(admin: Admin, topic: string, reached: Reached): Promise<void> {
  if (Object.keys(reached).length === 0) return;
  const offsets = await admin.fetchTopicOffsets(topic);
  const high = new Map(offsets.map((part) => [String(part.partition), BigInt(part.high)]));
  const wiped = Object.entries(reached).some(
    ([partition, offset]) => (high.get(partition) ?? -1n) <= BigInt(offset),
  );
  if (wiped) throw new TopicWipedError(`${topic} holds less than was published into it`);
}
