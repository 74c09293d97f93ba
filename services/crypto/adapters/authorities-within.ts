// SPDX-License-Identifier: Apache-2.0
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readDomain } from '@securemail/contracts';
import type { Certificate } from '@securemail/smime';
import type { FileRead } from './read-each.ts';
import type { Reading } from './reading.ts';

/**
 * The authorities in the folders of a folder, each of which is called by the domain that they are trusted for, in lower
 * case, in letters, composed or not, or A-labels. Those of two that are called alike count together.
 *
 * @throws Error with the folder's path where it is called otherwise, or by an own domain: whoever issues for partners is
 *   nobody to say who our own people are.
 */
export async function readAuthoritiesWithin(
  folder: string,
  ownDomains: readonly string[],
  certificatesIn: (folder: string) => Promise<FileRead<readonly Certificate[]>[]>,
  reading: Reading,
): Promise<Map<string, readonly Certificate[]>> {
  const names = await foldersIn(folder);
  const read = names.map(async (name) => {
    const path = join(folder, name);
    const domain = readDomain(name);
    const why = faultOf(name, domain, ownDomains);
    if (domain === null || why !== null) {
      if (reading.before === null) throw new Error(`${path} can not be used: ${why} ${folder}`);
      reading.fault(`${path} can not be used: ${why} ${folder}; nothing of it is in use`);
      return [];
    }
    const files = await certificatesIn(path);
    return [{ domain, certificates: files.flatMap((file) => file.read) }];
  });
  const byDomain = Map.groupBy((await Promise.all(read)).flat(), ({ domain }) => domain);
  return new Map(
    [...byDomain].map(([domain, alike]) => [domain, alike.flatMap(({ certificates }) => certificates)]),
  );
}

function faultOf(name: string, domain: string | null, ownDomains: readonly string[]): string | null {
  if (domain === null || name !== name.toLowerCase())
    return 'it is called by no domain, which is in lower case, in';
  return ownDomains.includes(domain) ? 'it is an own domain, whose authorities stand at the top of' : null;
}

/** Without those that mounted volumes hide (`..data`). */
async function foldersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => ((await stat(join(folder, name))).isDirectory() ? [name] : [])),
  );
  return found.flat().toSorted();
}
