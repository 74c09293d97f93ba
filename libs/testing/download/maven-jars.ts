// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Say } from '../say.ts';
import { cached } from './cache.ts';
import { downloadAll } from './download.ts';

/** A jar by its place in a Maven repository; the SHA-256 is hexadecimal. */
export interface LockedJar {
  readonly path: string;
  readonly sha256: string;
}

export interface Jars {
  /** In the words of a person: `Kafka`. */
  readonly name: string;
  readonly version: string;
  readonly jars: readonly LockedJar[];
}

/**
 * A folder with exactly these jars, fetched once from Maven Central, or from the repository that `MAVEN_REPOSITORY`
 * names.
 *
 * @throws Error where one cannot be had, or is not what was locked.
 */
export async function mavenJars({ name, version, jars }: Jars, say: Say): Promise<string> {
  return await cached(`${name.toLowerCase()}-${version}`, async (folder) => {
    const repository = process.env['MAVEN_REPOSITORY'] ?? 'https://repo1.maven.org/maven2';
    say(`${name}: fetching ${version} from ${new URL(repository).host}, once`);
    const base = repository.replace(/\/+$/, '');
    await downloadAll(
      jars.map(({ path, sha256 }) => ({ file: posix.basename(path), url: `${base}/${path}`, sha256 })),
      folder,
    );
  });
}
