// SPDX-License-Identifier: Apache-2.0
import type { ServiceName } from '@securemail/contracts';
import type { Admin } from 'kafkajs';

export interface TopicSettings {
  /** Set before every topic name, so that several installations share a cluster. Default `securemail`. */
  prefix: string;
  partitions: number;
  /** -1: the broker's default. */
  replicationFactor: number;
}

export const DEFAULT_TOPICS: TopicSettings = { prefix: 'securemail', partitions: 8, replicationFactor: -1 };

/** Octets that a topic takes at once: far more than the largest event, which names a thousand recipients. */
const LARGEST_BATCH = 8 * 1_024 * 1_024;

export const topicOf = ({ prefix }: TopicSettings, service: ServiceName): string =>
  `${prefix}.${service}.events`;

export const serviceOf = ({ prefix }: TopicSettings, topic: string): ServiceName =>
  topic.slice(prefix.length + 1, -'.events'.length) as ServiceName;

/** Makes the topics of these services; those that exist stay as they are. */
export async function ensureTopics(
  admin: Admin,
  settings: TopicSettings,
  services: readonly ServiceName[],
): Promise<void> {
  await admin.createTopics({
    waitForLeaders: true,
    topics: services.map((service) => ({
      topic: topicOf(settings, service),
      numPartitions: settings.partitions,
      replicationFactor: settings.replicationFactor,
      configEntries: [
        // A group that comes late reads from the beginning: what the brokers had let expire it would never see.
        { name: 'retention.ms', value: '-1' },
        { name: 'max.message.bytes', value: String(LARGEST_BATCH) },
      ],
    })),
  });
}
