// SPDX-License-Identifier: Apache-2.0
import { DIGESTS, type DigestAlgorithm } from '../algorithms/digests.ts';
import { OID } from '../asn1/oids.ts';

/** The digests that are read, by the names that node:crypto has for them; the last two only where asked for. */
export type ReadDigest = DigestAlgorithm | 'sha1' | 'md5';

const NAMES: Readonly<Partial<Record<string, ReadDigest>>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
  [OID.sha1]: 'sha1',
  [OID.md5]: 'md5',
};

const MICALG: Readonly<Record<ReadDigest, string>> = {
  sha256: DIGESTS.sha256.micalg,
  sha384: DIGESTS.sha384.micalg,
  sha512: DIGESTS.sha512.micalg,
  sha1: 'sha-1',
  md5: 'md5',
};

/** @param id an object identifier. */
export const digestName = (id: string): ReadDigest | null => NAMES[id] ?? null;

export const isWeak = (digest: ReadDigest): digest is 'sha1' | 'md5' => digest === 'sha1' || digest === 'md5';

/** As the parameter micalg names digests (RFC 8551 §3.5.3.2). */
export const micalgOf = (digests: readonly ReadDigest[]): string => {
  const names = [...new Set(digests)].map((digest) => MICALG[digest]);
  return names.length === 1 ? names.join() : `"${names.join(',')}"`;
};

/** The digests that the parameter micalg announces (RFC 8551 §3.5.3.2), also in its older spellings. */
export function digestsOfMicalg(micalg: string): ReadDigest[] {
  const names = new Set<string>(Object.values(NAMES).map(String));
  return micalg
    .split(',')
    .map((name) => name.trim().toLowerCase().replace('-', ''))
    .filter((name): name is ReadDigest => names.has(name));
}
