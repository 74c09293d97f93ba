// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '@securemail/telemetry';

/** What stands in some files now, each read once, and again when it was replaced. */
export interface RereadFiles<Contents> {
  /** @throws where the file can not be read or understood, and never could be. */
  contents(file: string): Promise<Contents>;
}

/**
 * A file that can not be read any more, or not understood, stays in use as it was, and the log says so once for each time
 * that it was replaced.
 *
 * @param read its text, decoded as UTF-8, into what it says.
 */
export function rereadFiles<Contents>(
  what: string,
  read: (text: string, file: string) => Contents,
  logger: Logger,
): RereadFiles<Contents> {
  const known = new Map<string, { version: string; contents: Contents }>();
  return {
    async contents(file) {
      const former = known.get(file);
      const version = await versionOf(file).catch(() => GONE);
      if (former !== undefined && former.version === version) return former.contents;
      try {
        if (version === GONE) throw new Error(`tenants: ${what} ${file} can not be read`);
        const contents = read(await readFile(file, 'utf8'), file);
        known.set(file, { version, contents });
        return contents;
      } catch (error) {
        if (former === undefined) throw error;
        known.set(file, { ...former, version });
        logger.warn({ file }, `${what} can not be read: the former one stays in use`);
        return former.contents;
      }
    },
  };
}

/** A file that is not there is one that was replaced by nothing: it is told of once. */
const GONE = 'gone';

async function versionOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${mtimeMs} ${size} ${ino}`;
}
