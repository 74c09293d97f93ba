// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { cached } from '../download/cache.ts';
import { downloadAll } from '../download/download.ts';
import type { Say } from '../say.ts';
import { KAFKA_VERSION, LOCKED_JARS } from './locked-jars.ts';

/** The folder with the jars of a broker (43 MB): exactly those of locked-jars.ts, fetched once from a Maven repository. */
export async function kafkaJars(say: Say): Promise<string> {
  return await cached(`kafka-${KAFKA_VERSION}`, async (folder) => {
    const repository = process.env['MAVEN_REPOSITORY'] ?? 'https://repo1.maven.org/maven2';
    say(`Kafka: fetching ${KAFKA_VERSION} from ${new URL(repository).host}, once`);
    const base = repository.replace(/\/+$/, '');
    await downloadAll(
      LOCKED_JARS.map(({ path, sha256 }) => ({ file: posix.basename(path), url: `${base}/${path}`, sha256 })),
      folder,
    );
  });
}
