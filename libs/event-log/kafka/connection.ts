// SPDX-License-Identifier: Apache-2.0
import type { Logger } from '@securemail/telemetry';
// kafkajs is CommonJS and shows its names only on the default export.
import kafkajs, { type Kafka, type LogEntry, type SASLOptions } from 'kafkajs';

export interface KafkaConnection {
  brokers: string[];
  clientId: string;
  ssl?: boolean | { ca?: string; cert?: string; key?: string };
  sasl?: SASLOptions;
}

/** A client that never gives up connecting, and logs through our logger without what messages hold. */
export function connectKafka({ brokers, clientId, ssl, sasl }: KafkaConnection, logger: Logger): Kafka {
  return new kafkajs.Kafka({
    brokers,
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 3_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 8 },
    // In its first second kafkajs reports as errors what it retries by itself.
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry: LogEntry) => {
      logger.debug({ kafkajs: entry.namespace, level: entry.label }, entry.log.message);
    },
  });
}
