// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads stay between runs: `$XDG_CACHE_HOME/securemail`, else `~/.cache/securemail`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'securemail');
}

/**
 * Gives the folder `name` of the cache, made by `fill` the first time. Never half filled: it is filled aside and then
 * renamed. Two processes may do so at once; one of them wins, and both have it.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (await exists(folder)) return folder;
  const aside = `${folder}.${randomBytes(6).toString('hex')}`;
  await mkdir(aside, { recursive: true });
  try {
    await fill(aside);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
