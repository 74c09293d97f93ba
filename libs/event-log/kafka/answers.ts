// SPDX-License-Identifier: Apache-2.0
import type { Kafka } from 'kafkajs';
import { settledWithin } from '../settled-within.ts';

const PATIENCE_MS = 2_000;

/** Whether a broker answers a question within two seconds. */
export async function answers(kafka: Kafka): Promise<boolean> {
  const admin = kafka.admin({ retry: { retries: 0 } });
  const asked = admin
    .connect()
    .then(() => admin.describeCluster())
    .then(
      ({ brokers }) => brokers.length > 0,
      () => false,
    );
  const isAnswered = await settledWithin(asked, PATIENCE_MS);
  // Its connection may be one to nobody.
  void admin.disconnect().catch(() => undefined);
  return isAnswered && (await asked);
}
