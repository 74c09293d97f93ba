// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '@securemail/telemetry';

/** What stands in some files now, each read once, and again when it was replaced. */
export interface RereadFiles<Contents> {
  /** @throws where the file can not be read or understood, and never could be. */
  contents(file: string): Promise<Contents>;
}

/**
 * A file that can not be read any more, or not understood, stays in use as it was, and the log says so and why, once for each
 * time that it was replaced.
 *
 * @param read its text, decoded as UTF-8, or as UTF-16 where a byte order mark says so, into what it says. What it throws is
 *   logged, and so quotes nothing of the file.
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
        const contents = read(decoded(await readFile(file)), file);
        known.set(file, { version, contents });
        return contents;
      } catch (error) {
        if (former === undefined) throw error;
        known.set(file, { ...former, version });
        const reason = error instanceof Error ? error.message : 'it is not understood';
        logger.warn({ file, reason }, `${what} can not be read: the former one stays in use`);
        return former.contents;
      }
    },
  };
}

/** Windows PowerShell writes UTF-16 where it is not told otherwise. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}

/** A file that is not there is one that was replaced by nothing: it is told of once. */
const GONE = 'gone';

async function versionOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${mtimeMs} ${size} ${ino}`;
}
