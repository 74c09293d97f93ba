// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { parseVerifierKeys, type NoteVerifier } from '@securemail/ledger';
import { whyNot } from '@securemail/service';

/** The public keys in these files. @throws Error that names the file */
export async function verifiersIn(files: readonly string[]): Promise<NoteVerifier[]> {
  const each = files.map(async (file) => {
    const text = await readFile(file, 'utf8');
    try {
      return parseVerifierKeys(text);
    } catch (error) {
      throw new Error(`${file}: ${whyNot(error)}`, { cause: error });
    }
  });
  return (await Promise.all(each)).flat();
}
