// SPDX-License-Identifier: Apache-2.0
import type { Kafka } from 'kafkajs';
import type { Group, GroupReach } from '../event-log.ts';
import { groupReach } from '../reach.ts';
import { topicOf, type TopicSettings } from './topics.ts';

/**
 * What the relays have brought into the topics. A relay that stands still alone is not seen here; where it does so since
 * the brokers are away, so are the topics, and relays go on within seconds of their return.
 */
export function kafkaReach({ group, sources }: Group, kafka: Kafka, settings: TopicSettings): GroupReach {
  const topics = sources.map((service) => topicOf(settings, service));
  const admin = kafka.admin();
  let connecting: Promise<void> | undefined;
  const connected = async () => {
    connecting ??= admin.connect().catch((error: unknown) => {
      // Whoever asks next tries again.
      connecting = undefined;
      throw error;
    });
    await connecting;
  };
  return groupReach({
    everyMs: 2_000,
    marginMs: 3_000,
    settlingMs: 15_000,
    ends: async () => {
      await connected();
      const each = await Promise.all(
        topics.map(async (topic) =>
          (await admin.fetchTopicOffsets(topic))
            .filter(({ high, low }) => high !== low)
            .map(({ partition, high }) => [`${topic} ${partition}`, [BigInt(high)]] as const),
        ),
      );
      return new Map(each.flat());
    },
    reached: async () => {
      await connected();
      const committed = await admin.fetchOffsets({ groupId: `${settings.prefix}.${group}`, topics });
      return new Map(
        committed.flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, offset }) => [`${topic} ${partition}`, [BigInt(offset)]] as const),
        ),
      );
    },
    close: () => admin.disconnect(),
  });
}
