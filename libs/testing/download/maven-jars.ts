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

/**
 * A folder with exactly these jars, fetched once from Maven Central, or from the repository that `MAVEN_REPOSITORY`
 * names.
 *
 * @param name what the jars are, with its version: a name for the folder in the cache.
 * @throws Error where one cannot be had, or is not what was locked.
 */
export async function mavenJars(name: string, jars: readonly LockedJar[], say: Say): Promise<string> {
  return await cached(name, async (folder) => {
    const repository = process.env['MAVEN_REPOSITORY'] ?? 'https://repo1.maven.org/maven2';
    say(`${name}: fetching from ${new URL(repository).host}, once`);
    const base = repository.replace(/\/+$/, '');
    await downloadAll(
      jars.map(({ path, sha256 }) => ({ file: posix.basename(path), url: `${base}/${path}`, sha256 })),
      folder,
    );
  });
}
