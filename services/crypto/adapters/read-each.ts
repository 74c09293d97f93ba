// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** What was read from a file, and the file's name in lower case without its extension. */
export interface FileRead<T> {
  name: string;
  path: string;
  read: T;
}

/**
 * Reads all files of a folder that have one of the extensions, by name; a folder that is not there has none.
 *
 * @throws Error with the file's path where one can't be used.
 */
export async function readEach<T>(
  folder: string,
  extensions: readonly string[],
  read: (path: string) => Promise<T>,
): Promise<FileRead<T>[]> {
  const files = (await listing(folder)).filter((file) => extensions.includes(extname(file).toLowerCase()));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const path = join(folder, file);
      try {
        return { name: basename(file, extname(file)).toLowerCase(), path, read: await read(path) };
      } catch (error) {
        throw new Error(`${path} can not be used: ${error instanceof Error ? error.message : 'unreadable'}`);
      }
    }),
  );
}

const listing = (folder: string) =>
  readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
