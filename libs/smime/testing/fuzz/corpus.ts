// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TESTDATA = join(import.meta.dirname, '..', '..', 'testdata');

export interface Input {
  readonly name: string;
  readonly bytes: Buffer;
}

const folderOf = (target: string) => join(TESTDATA, 'fuzz', target);

/** The inputs that are kept for a target, by name. */
export async function readCorpus(target: string): Promise<readonly Input[]> {
  const names = (await readdir(folderOf(target)).catch(() => [])).toSorted();
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(join(folderOf(target), name)) })),
  );
}

/** What an input that was found is called: after its content, as it means nothing. */
export const nameOf = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Keeps exactly these. */
export async function writeCorpus(target: string, inputs: readonly Input[]): Promise<void> {
  const folder = folderOf(target);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of inputs) await writeFile(join(folder, name), bytes);
}

/** Puts down what a reader failed at; whoever mends it names the file for its fault, and says what is expected. */
export async function writeFinding(target: string, bytes: Buffer): Promise<string> {
  const file = join(TESTDATA, 'hostile', `unnamed-${target}-${nameOf(bytes)}`);
  await mkdir(join(TESTDATA, 'hostile'), { recursive: true });
  await writeFile(file, bytes);
  return file;
}
