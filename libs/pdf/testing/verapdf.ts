// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findJava, mavenJars, sayOnStderr, withoutJavaOptions } from '@securemail/testing';

const VERSION = '1.28.2';
const JAR = `greenfield-apps-${VERSION}.jar`;
/** The validator of the PDF Association for PDF/A and PDF/UA: one jar with all in it. */
const VERAPDF = {
  name: 'veraPDF',
  version: VERSION,
  jars: [
    {
      path: `org/verapdf/apps/greenfield-apps/${VERSION}/${JAR}`,
      sha256: '687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6',
    },
  ],
};

/** PDF/UA-1, or PDF/A-3a. */
export type Flavour = 'ua1' | '3a';

/**
 * Validates files in one run of veraPDF.
 *
 * @returns a line for each file that does not conform, with the rules that it breaks; none where all do.
 * @throws Error where not every file was looked at.
 */
export async function veraPdf(files: readonly string[], flavour: Flavour): Promise<string[]> {
  const [java, jars] = await Promise.all([findJava(sayOnStderr, false), mavenJars(VERAPDF, sayOnStderr)]);
  const program = ['-cp', join(jars, JAR), 'org.verapdf.apps.GreenfieldCliWrapper'];
  const args = [...program, '-f', flavour, '--format', 'text', '-v', ...files];
  // It exits with 1 where a file does not conform.
  const { stdout } = await promisify(execFile)(java, args, { env: withoutJavaOptions() }).catch(
    (error: unknown) => error as { stdout: string },
  );
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  const passed = lines.filter((line) => line.startsWith('PASS '));
  const failed = lines.filter((line) => !line.startsWith('PASS '));
  const looked = passed.length + failed.filter((line) => line.startsWith('FAIL ')).length;
  if (looked !== files.length)
    throw new Error(`veraPDF looked at ${looked} files of ${files.length}: ${stdout}`);
  return failed;
}
