// SPDX-License-Identifier: Apache-2.0
import { fileTypeFromBuffer } from 'file-type';

/** So many octets say what a file is (README of file-type). */
export const SAYING = 4_100;
const SHEBANG = Buffer.from('#!');

/**
 * What a file is by its first octets: what it is called says nothing of what is in it.
 *
 * @returns how such files usually end (`exe`, `elf`, `pdf`; `sh` for a script that names its interpreter), or null where
 *   nobody can tell.
 */
export async function endingOf(first: Buffer): Promise<string | null> {
  if (first.subarray(0, 2).equals(SHEBANG)) return 'sh';
  return (await fileTypeFromBuffer(first.subarray(0, SAYING)))?.ext ?? null;
}
