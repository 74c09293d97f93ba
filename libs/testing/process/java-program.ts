// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { sayOnStderr } from '../say.ts';
import { mavenJars, type Jars } from '../download/maven-jars.ts';
import { findJava, withoutJavaOptions } from './java.ts';

/** A Java process that answers each line with a line. */
export interface JavaProgram {
  /** A folder of its own, gone when it is closed. */
  readonly folder: string;
  /**
   * Answers come in the order of the questions, so one at a time is asked.
   *
   * @param words without tabs and line ends.
   * @returns what followed "ok" in the answer.
   * @throws Error with any other answer, or with what the program complained of when it ended.
   */
  ask(words: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export interface JavaProgramSource {
  /** Among them a compiler, as a Java that is only a runtime has none. */
  readonly jars: Jars;
  /** Paths of all its files; the first is named for the class that has `main`. */
  readonly sources: readonly [string, ...string[]];
  /** As `-Xmx` wants it. */
  readonly heap: string;
}

const COMPILER = 'org.eclipse.jdt.internal.compiler.batch.Main';

/** Compiles and starts a program. It ends with its standard input, so it does not outlive us. */
export async function startJavaProgram({ jars, sources, heap }: JavaProgramSource): Promise<JavaProgram> {
  const java = await findJava(sayOnStderr, false);
  const classes = await mavenJars(jars, sayOnStderr);
  const folder = await mkdtemp(join(tmpdir(), 'securemail-java-'));
  const env = withoutJavaOptions();
  const classPath = [join(classes, '*'), folder].join(delimiter);
  await promisify(execFile)(java, ['-cp', classPath, COMPILER, '-17', '-d', folder, ...sources], { env });
  const main = basename(sources[0], '.java');
  const child = spawn(java, [`-Xmx${heap}`, '-cp', classPath, main], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)));
  child.stdin.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve();
    });
    child.on('error', (error) => {
      complaint += error.message;
      resolve();
    });
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    folder,
    async ask(words) {
      child.stdin.write(`${words.join('\t')}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`${jars.name} ended: ${complaint}`);
      const [verdict, ...rest] = value.split(' ');
      if (verdict !== 'ok') throw new Error(`${jars.name}: ${value}`);
      return rest.join(' ');
    },
    async close() {
      child.stdin.end();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
