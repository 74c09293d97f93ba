// SPDX-License-Identifier: Apache-2.0
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { domainOf, readAddress } from '@securemail/contracts';
import type { Certificate } from '@securemail/smime';
import type { FileRead } from './read-each.ts';

/**
 * The authorities in the folders of a folder, each of which is called by the domain that they are trusted for, as mail
 * has it: in lower case, letters outside ASCII as `xn--`.
 *
 * @throws Error with the folder's path where it is called otherwise, or by an own domain: whoever issues for partners is
 *   nobody to say who our own people are.
 */
export async function readAuthoritiesWithin(
  folder: string,
  ownDomains: readonly string[],
  certificatesIn: (folder: string) => Promise<FileRead<readonly Certificate[]>[]>,
): Promise<Map<string, readonly Certificate[]>> {
  const domains = await foldersIn(folder);
  const read = domains.map(async (domain) => {
    const path = join(folder, domain);
    const named = readAddress(`x@${domain}`);
    if (!named.ok || domainOf(named.address) !== domain)
      throw new Error(
        `${path} can not be used: it is called by no domain, which is in lower case, and in its xn-- form outside ASCII`,
      );
    if (ownDomains.includes(domain))
      throw new Error(
        `${path} can not be used: it is an own domain, whose authorities stand at the top of ${folder}`,
      );
    const files = await certificatesIn(path);
    return [domain, files.flatMap((file) => file.read)] as const;
  });
  return new Map(await Promise.all(read));
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
