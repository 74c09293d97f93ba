// SPDX-License-Identifier: Apache-2.0
import type { Logger } from '@securemail/telemetry';
import type { EventLog, Running } from '../event-log.ts';
import { connectKafka, type KafkaConnection } from './connection.ts';
import { kafkaReach } from './reach.ts';
import { startRelay } from './relay.ts';
import { startKafkaSubscription } from './subscription.ts';
import { DEFAULT_TOPICS, type TopicSettings } from './topics.ts';

export interface KafkaEventLogOptions {
  connection: KafkaConnection;
  topics?: Partial<TopicSettings>;
  logger: Logger;
  /** See RelayOptions. */
  wipeCheckMs?: number;
}

/** The event log for every real deployment: a relay fills a topic per service, consumers work in groups. */
export function kafkaEventLog({ connection, topics, logger, wipeCheckMs }: KafkaEventLogOptions): EventLog {
  const kafka = connectKafka(connection, logger);
  const settings: TopicSettings = { ...DEFAULT_TOPICS, ...topics };
  const open = new Set<Running>();
  const opened = (running: Running) => {
    open.add(running);
    return Promise.resolve(running);
  };
  return {
    publish: ({ service, pool }) =>
      opened(
        startRelay({
          kafka,
          service,
          pool,
          topics: settings,
          logger,
          ...(wipeCheckMs === undefined ? {} : { wipeCheckMs }),
        }),
      ),
    subscribe: (subscription) =>
      opened(startKafkaSubscription(subscription, { kafka, topics: settings, logger })),
    reachOf: (group) => kafkaReach(group, kafka, settings),
    async close() {
      await Promise.all([...open].map((running) => running.close()));
    },
  };
}
