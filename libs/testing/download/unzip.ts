// SPDX-License-Identifier: Apache-2.0
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromBufferPromise } from 'yauzl';

/** Unpacks an archive into `folder` with the permission bits it carries. Refuses names that lead out of the folder. */
export async function unzip(archive: Buffer, folder: string): Promise<void> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const path = join(folder, entry.fileName); // yauzl refuses ".." and absolute names.
    if (entry.fileName.endsWith('/')) continue;
    await mkdir(dirname(path), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(
      await zip.openReadStreamPromise(entry),
      createWriteStream(path, { mode: mode === 0 ? 0o644 : mode }),
    );
  }
}
