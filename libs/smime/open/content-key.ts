// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Certificate } from '../certificates/certificate.ts';
import type { Unwrapper } from '../keys/unwrapper.ts';
import type { EncryptedKey } from './recipient-infos.ts';
import { keyEncryptionName, unwrapKey } from './unwrap-key.ts';

export interface ContentKey {
  readonly key: Buffer;
  readonly keyEncryption: string;
  readonly certificate: Certificate;
}

/** A message that names one certificate more often wants work done for nothing. */
const MAX_ATTEMPTS = 8;

/**
 * The content key, by the first of the unwrappers that it was encrypted for. Where unwrapping fails it is a random
 * one, so that nothing shows before the content does not decrypt, and nothing shows of which step failed: the defence
 * against Bleichenbacher's attack (RFC 3218 §2.3.2, RFC 8017 §7.2.2).
 *
 * PKCS#1 v1.5 comes last, and once: of the others a failure may be seen, as they detect every change.
 *
 * @param length octets of the key.
 * @returns null where no unwrapper's certificate is named.
 */
export async function contentKey(
  keys: readonly EncryptedKey[],
  unwrappers: readonly Unwrapper[],
  length: number,
): Promise<ContentKey | null> {
  const ours = keys.flatMap((key) =>
    unwrappers
      .filter(({ certificate }) => key.identifies(certificate))
      .map((unwrapper) => ({ key, unwrapper, keyEncryption: keyEncryptionName(key) })),
  );
  const isPkcs1 = ({ keyEncryption }: { keyEncryption: string }) => keyEncryption === 'rsaes-pkcs1-v1_5';
  const ordered = [
    ...ours.filter((each) => !isPkcs1(each)).slice(0, MAX_ATTEMPTS),
    ...ours.filter(isPkcs1).slice(0, 1),
  ];
  const substitute = randomBytes(length);
  let chosen: ContentKey | null = null;
  for (const { key, unwrapper, keyEncryption } of ordered) {
    const { certificate } = unwrapper;
    const unwrapped = await unwrapKey(key, unwrapper).catch(() => substitute);
    const fits = unwrapped.length === length;
    chosen = { key: fits ? unwrapped : substitute, keyEncryption, certificate };
    if (chosen.key !== substitute) break;
  }
  return chosen;
}
