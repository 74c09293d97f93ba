// SPDX-License-Identifier: Apache-2.0
import { dockerAnswers } from '../process/docker-answers.ts';
import { sayOnStderr, type Say } from '../say.ts';
import { kafkaJars } from './jars.ts';
import { findJava } from '../process/java.ts';
import { localBroker } from './local.ts';
import { KAFKA_VERSION } from './locked-jars.ts';
import { runBroker, type RunningKafka } from './running-kafka.ts';

export interface KafkaOptions {
  /** `fetch`: a broker run by a Java that is fetched, also where Docker answers and Java is installed. */
  java?: 'fetch';
  /** Hears in one line what was chosen, and what is being fetched. Default: standard error. */
  say?: Say;
}

/**
 * Starts a Kafka broker of its own on a free port: in Docker where Docker answers, else from the jars of Maven Central
 * run by Java (`SECUREMAIL_TEST_JAVA=fetch` is the option `java`).
 *
 * @throws Error with one sentence that says what to do, where neither works.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<RunningKafka> {
  const { say = sayOnStderr } = options;
  const fetchJava = options.java === 'fetch' || process.env['SECUREMAIL_TEST_JAVA'] === 'fetch';
  if (!fetchJava && (await dockerAnswers())) {
    say(`Kafka: ${KAFKA_VERSION} in Docker`);
    const { dockerBroker } = await import('./docker.ts');
    const { address, broker } = await dockerBroker();
    return await runBroker('docker', address, broker);
  }
  const { java, jars } = await programs(say, fetchJava);
  say(`Kafka: ${KAFKA_VERSION} run by ${java}`);
  const { address, broker } = await localBroker(java, jars);
  return await runBroker('local', address, broker);
}

async function programs(say: Say, fetchJava: boolean): Promise<{ java: string; jars: string }> {
  try {
    return { java: await findJava(say, fetchJava), jars: await kafkaJars(say) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `there is no Kafka to test with (${reason}): start Docker, or install Java 17 and let MAVEN_REPOSITORY ` +
        'name a Maven repository that can be reached from here',
      { cause: error },
    );
  }
}
