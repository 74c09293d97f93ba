// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';

const read = new Map<string, { version: string; pem: string }>();

/** The text of a file of authorities. It is read again when it was replaced, and not for each mail. */
export async function authoritiesIn(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  const version = `${mtimeMs} ${size} ${ino}`;
  const known = read.get(file);
  if (known?.version === version) return known.pem;
  const pem = await readFile(file, 'utf8');
  read.set(file, { version, pem });
  return pem;
}
