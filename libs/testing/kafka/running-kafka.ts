// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

export interface RunningKafka {
  kind: 'docker' | 'local';
  /** `host:port`, without TLS or a password. */
  brokers: string[];
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** An orderly shutdown; the data stays. */
  stopBroker(): Promise<void>;
  /** Comes back at the same address with the same data. */
  startBroker(): Promise<void>;
  /** What a crash does (kill -9); the data stays. */
  kill(): Promise<void>;
}

/** How one broker is run, whatever runs it. */
export interface Broker {
  start(): Promise<void>;
  shutDown(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it if it runs, and removes what it leaves. */
  remove(): Promise<void>;
  /** Why it ended, if it did. */
  ended(): string | null;
}

/** Same for every kind of broker: one replica, no topic that nobody made, no waiting for further consumers. */
export function brokerSettings(ports: {
  client: number;
  controller: number;
  host: string;
}): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'advertised.listeners': `PLAINTEXT://${ports.host}:${ports.client}`,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'min.insync.replicas': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}

const START_PATIENCE = 90_000;

export async function runBroker(
  kind: RunningKafka['kind'],
  address: string,
  broker: Broker,
): Promise<RunningKafka> {
  const startBroker = async () => {
    await broker.start();
    await untilItAnswers(address, broker);
  };
  try {
    await startBroker();
  } catch (error) {
    await broker.remove();
    throw error;
  }
  let removing: Promise<void> | undefined;
  return {
    kind,
    brokers: [address],
    stop: () => (removing ??= broker.remove()),
    stopBroker: () => broker.shutDown(),
    startBroker,
    kill: () => broker.kill(),
  };
}

/** A broker listens before it can serve: asked for its cluster, it answers when it is ready. */
async function untilItAnswers(address: string, broker: Broker): Promise<void> {
  const kafka = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 2_000,
  });
  for (const end = Date.now() + START_PATIENCE; Date.now() < end;) {
    const why = broker.ended();
    if (why !== null) throw new Error(`the Kafka broker ended while it started: ${why}`);
    if (await answers(kafka)) return;
    await sleep(100);
  }
  throw new Error(`the Kafka broker at ${address} did not become ready in ${START_PATIENCE / 1_000} seconds`);
}

async function answers(kafka: Kafka): Promise<boolean> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}
