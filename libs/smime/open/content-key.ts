// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Certificate } from '../certificates/certificate.ts';
import { KeyUnavailableError } from '../errors.ts';
import type { Unwrapper } from '../keys/unwrapper.ts';
import { namesOf, type CertificateName } from './certificate-name.ts';
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
 * A key that could not be asked is no failure to unwrap: nobody learned anything, and the message may open later. That
 * ends it at once, whichever other keys there are, so that it never depends on how one of them did.
 *
 * @param length octets of the key.
 * @returns `no-recipient` where no unwrapper's certificate is named, `unsupported` where it is, but in no way that is
 *   read here: both stand in the message for everybody to see.
 * @throws KeyUnavailableError
 */
export async function contentKey(
  keys: readonly EncryptedKey[],
  unwrappers: readonly Unwrapper[],
  length: number,
): Promise<ContentKey | 'no-recipient' | 'unsupported'> {
  const ours = keysFor(keys, unwrappers);
  if (ours.length === 0) return 'no-recipient';
  const known = ours.flatMap(({ key, unwrapper }) => {
    const keyEncryption = keyEncryptionName(key);
    return keyEncryption === null ? [] : [{ key, unwrapper, keyEncryption }];
  });
  const isPkcs1 = ({ keyEncryption }: { keyEncryption: string }) => keyEncryption === 'rsaes-pkcs1-v1_5';
  const attempts = [
    ...known.filter((each) => !isPkcs1(each)).slice(0, MAX_ATTEMPTS),
    ...known.filter(isPkcs1).slice(0, 1),
  ];
  const substitute = randomBytes(length);
  let chosen: ContentKey | null = null;
  for (const { key, unwrapper, keyEncryption } of attempts) {
    const { certificate } = unwrapper;
    const unwrapped = await unwrapKey(key, unwrapper).catch((error: unknown) => {
      if (error instanceof KeyUnavailableError) throw error;
      return substitute;
    });
    const fits = unwrapped.length === length;
    chosen = { key: fits ? unwrapped : substitute, keyEncryption, certificate };
    if (chosen.key !== substitute) break;
  }
  return chosen ?? 'unsupported';
}

function keysFor(keys: readonly EncryptedKey[], unwrappers: readonly Unwrapper[]) {
  const named = new Map<CertificateName, EncryptedKey[]>();
  for (const key of keys) named.set(key.name, [...(named.get(key.name) ?? []), key].slice(0, MAX_ATTEMPTS));
  return unwrappers.flatMap((unwrapper) =>
    namesOf(unwrapper.certificate)
      .flatMap((name) => named.get(name) ?? [])
      .map((key) => ({ key, unwrapper })),
  );
}
