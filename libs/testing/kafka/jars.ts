// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { cached } from '../download/cache.ts';
import { downloadAll } from '../download/download.ts';
import type { Say } from '../say.ts';
import locked from './jars.json' with { type: 'json' };

const { version, jars } = z
  .object({
    version: z.string(),
    jars: z.array(z.object({ file: z.string(), path: z.string(), sha256: z.string().length(64) })),
  })
  .parse(locked);

export const KAFKA_VERSION = version;

/** The folder with the jars of a broker (43 MB): exactly those of jars.json, fetched once from a Maven repository. */
export async function kafkaJars(say: Say): Promise<string> {
  return await cached(`kafka-${version}`, async (folder) => {
    const repository = process.env['MAVEN_REPOSITORY'] ?? 'https://repo1.maven.org/maven2';
    say(`Kafka: fetching ${version} from ${new URL(repository).host}, once`);
    const base = repository.replace(/\/+$/, '');
    await downloadAll(
      jars.map(({ file, path, sha256 }) => ({ file, url: `${base}/${path}`, sha256 })),
      folder,
    );
  });
}
