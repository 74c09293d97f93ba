// SPDX-License-Identifier: Apache-2.0
import type { Consumer } from 'kafkajs';

/** How far the group's offsets may lag behind what was dealt with, milliseconds. */
const COMMIT_EVERY_MS = 250;

export interface OffsetCommits {
  /** Everything of this partition before this offset was dealt with. */
  reached(topic: string, partition: number, offset: bigint): void;
  /** Commits what waits, as far as the brokers take it. */
  flush(): Promise<void>;
  /** Ends the timer; what still waits is forgotten, and read once more by whoever has the partition next. */
  close(): void;
}

/**
 * Commits the offsets of all partitions together, a few times a second: a request for each batch of each partition is
 * more than half of a broker's work. What is lost with a crash is read again, and inboxes make that harmless.
 */
export function offsetCommits(consumer: Consumer, onFailure: (error: unknown) => void): OffsetCommits {
  const waiting = new Map<string, { topic: string; partition: number; offset: bigint }>();

  const flush = async () => {
    const taken = [...waiting];
    if (taken.length === 0) return;
    try {
      await consumer.commitOffsets(taken.map(([, each]) => ({ ...each, offset: each.offset.toString() })));
      // What has gone further meanwhile still waits.
      for (const [key, each] of taken) if (waiting.get(key) === each) waiting.delete(key);
    } catch (error) {
      onFailure(error);
    }
  };
  const timer = setInterval(() => {
    void flush();
  }, COMMIT_EVERY_MS);
  // A partition that another member has now is no longer ours to speak of.
  const forgetLost = consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    for (const [key, { topic, partition }] of waiting) {
      if (payload.memberAssignment[topic]?.includes(partition) !== true) waiting.delete(key);
    }
  });

  return {
    reached(topic, partition, offset) {
      waiting.set(`${topic} ${partition}`, { topic, partition, offset });
    },
    flush,
    close() {
      clearInterval(timer);
      forgetLost();
    },
  };
}
