// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { readingOnce, type Reading } from './reading.ts';

/** What was read from a file, and the file's name in lower case without its extension. */
export interface FileRead<T> {
  name: string;
  path: string;
  read: T;
  /** It can't be used now; this is what it held before. */
  isFormer: boolean;
}

/**
 * Reads all files of a folder that have one of the extensions, by name; a folder that is not there has none. One that can't
 * be used any more counts as it was before.
 *
 * @throws Error with the file's path where one can't be used, and the reading knows no before.
 */
export async function readEach<T>(
  folder: string,
  extensions: readonly string[],
  read: (path: string) => Promise<T>,
  reading: Reading = readingOnce(),
): Promise<FileRead<T>[]> {
  const files = (await listing(folder)).filter((file) => extensions.includes(extname(file).toLowerCase()));
  const { before, now } = reading;
  const all = await Promise.all(
    files.toSorted().map(async (file): Promise<FileRead<T>[]> => {
      const path = join(folder, file);
      const name = basename(file, extname(file)).toLowerCase();
      try {
        const content = await read(path);
        now.set(path, content);
        return [{ name, path, read: content, isFormer: false }];
      } catch (error) {
        const why = `${path} can not be used: ${error instanceof Error ? error.message : 'unreadable'}`;
        if (before === null) throw new Error(why);
        const isKnown = before.has(path);
        reading.fault(`${why}; ${isKnown ? 'what it held before stays in use' : 'nothing of it is in use'}`);
        if (!isKnown) return [];
        const former = before.get(path) as T;
        now.set(path, former);
        return [{ name, path, read: former, isFormer: true }];
      }
    }),
  );
  return all.flat();
}

const listing = (folder: string) =>
  readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
