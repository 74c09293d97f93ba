// SPDX-License-Identifier: Apache-2.0
import { fileTypeFromBuffer } from 'file-type';

/** So many octets say what a file is (README of file-type). */
const SAYING = 4_100;
const SHEBANG = Buffer.from('#!');

/**
 * The octets of a file, of which the first are looked at as they go by: what it is called says nothing of what is in it.
 *
 * @param judge is given how such files usually end (`exe`, `elf`, `pdf`; `sh` for a script that names its interpreter), or
 *   null where nobody can tell; what it throws ends the stream before a single octet.
 */
export async function* lookedInto(
  content: AsyncIterable<Buffer>,
  judge: (ending: string | null) => void,
): AsyncGenerator<Buffer, void, void> {
  let first: Buffer | null = Buffer.alloc(0);
  for await (const chunk of content) {
    if (first === null) {
      yield chunk;
      continue;
    }
    first = Buffer.concat([first, chunk]);
    if (first.length < SAYING) continue;
    judge(await endingOf(first));
    yield first;
    first = null;
  }
  if (first === null) return;
  judge(await endingOf(first));
  yield first;
}

async function endingOf(first: Buffer): Promise<string | null> {
  if (first.subarray(0, 2).equals(SHEBANG)) return 'sh';
  return (await fileTypeFromBuffer(first.subarray(0, SAYING)))?.ext ?? null;
}
