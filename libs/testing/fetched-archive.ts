// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from './download/cache.ts';
import { downloadAll } from './download/download.ts';
import { unzip } from './download/unzip.ts';

const FILE = 'archive';
/** A .whl is a zip, a .crate a tar.gz. */
const ZIP = /\.(zip|whl)$/;

/**
 * A folder with what is in an archive, fetched and unpacked once: a zip, or a tar.gz, for which the program `tar` is
 * needed.
 *
 * @param archive.sha256 hexadecimal; it names the folder, so another archive never stands in for it.
 * @throws Error where it cannot be had, is not what was locked, or does not unpack.
 */
export async function fetchedArchive({ url, sha256 }: { url: string; sha256: string }): Promise<string> {
  return await cached(`archive-${sha256.slice(0, 16)}`, async (folder) => {
    await downloadAll([{ file: FILE, url, sha256 }], folder);
    const archive = join(folder, FILE);
    if (ZIP.test(new URL(url).pathname)) await unzip(await readFile(archive), folder);
    else await promisify(execFile)('tar', ['-xzf', archive, '-C', folder]);
    await rm(archive);
  });
}
