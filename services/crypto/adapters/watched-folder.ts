// SPDX-License-Identifier: Apache-2.0
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Choosing } from '@securemail/smime';
import type { Logger } from '@securemail/telemetry';
import type { Directory } from '../domain/directory.ts';
import { readCertificateFolder, type ReadingOptions } from './certificate-folder.ts';
import type { Reading } from './reading.ts';

/**
 * Keeps a directory fresh: looks for changes now and then. A file that can't be used any more counts as it was, so that nobody's
 * mail takes another way for a file that is half written; all others count as they are now.
 */
export async function watchCertificateFolder(
  folder: string,
  {
    rereadMs,
    choosing,
    logger,
    token = null,
    ownDomains = [],
  }: ReadingOptions & { rereadMs: number; choosing?: Choosing; logger: Logger },
): Promise<{ current: () => Directory; close: () => void }> {
  let stamp = await stampOf(folder).catch((error: unknown) => {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    throw new Error(
      `crypto.directory: the folder ${folder} can not be read (${code}); it holds authorities, certificates and keys, as services/crypto/README.md says`,
    );
  });
  let before: Reading['before'] = null;
  const read = async () => {
    const faults: string[] = [];
    const notices: string[] = [];
    const reading = {
      before,
      now: new Map<string, unknown>(),
      fault: (text: string) => faults.push(withoutPeople(text)),
      notice: (text: string) => notices.push(withoutPeople(text)),
    };
    const found = await readCertificateFolder(folder, choosing, { token, ownDomains, reading });
    before = reading.now;
    return { found, faults, notices };
  };
  const tell = (notices: readonly string[]) => {
    for (const reason of notices)
      logger.warn({ reason }, 'something in the certificate directory is of no use');
  };
  const first = await read();
  tell(first.notices);
  let directory = first.found;
  let isWhole = true;
  const reread = async () => {
    const now = await stampOf(folder);
    if (now === stamp && isWhole) return;
    const { found, faults, notices } = await read();
    directory = found;
    isWhole = faults.length === 0;
    for (const reason of faults)
      logger.error({ reason }, 'a part of the certificate directory can not be used, and all else is');
    if (now === stamp && !isWhole) return;
    stamp = now;
    tell(notices);
    logger.info('the certificate directory has changed and was read again');
  };
  // A folder of many keys may take longer to read than from one look to the next.
  let reading = false;
  const timer = setInterval(() => {
    if (reading) return;
    reading = true;
    reread()
      .catch((error: unknown) => {
        logger.error(
          { reason: error instanceof Error ? withoutPeople(error.message) : 'no reason' },
          'the certificate directory has changed and can not be read: the former one stays in use',
        );
      })
      .finally(() => {
        reading = false;
      });
  }, rereadMs);
  timer.unref();
  return {
    current: () => directory,
    close: () => {
      clearInterval(timer);
    },
  };
}

/** A file may be called as the person whose it is: the domain, and the folder, are enough to find it by. */
// eslint-disable-next-line regexp/no-super-linear-move -- An administrator named the file, and a path is short.
const withoutPeople = (message: string) => message.replaceAll(/[^\s/]+@/g, '…@');

/** Changes whenever a file of the folder does. */
async function stampOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true });
  const stamps = await Promise.all(
    entries.map(async (entry) => {
      // A link that leads nowhere is a broken file like any other.
      const found = await stat(join(folder, entry)).catch(() => null);
      return `${entry} ${found?.mtimeMs ?? 'gone'} ${found?.size ?? ''}`;
    }),
  );
  return stamps.toSorted().join('\n');
}
