// SPDX-License-Identifier: Apache-2.0
import { mavenJars } from '../download/maven-jars.ts';
import type { Say } from '../say.ts';
import { KAFKA_VERSION, LOCKED_JARS } from './locked-jars.ts';

/** The folder with the jars of a broker (43 MB): exactly those of locked-jars.ts, fetched once from a Maven repository. */
export const kafkaJars = (say: Say): Promise<string> =>
  mavenJars({ name: 'Kafka', version: KAFKA_VERSION, jars: LOCKED_JARS }, say);
