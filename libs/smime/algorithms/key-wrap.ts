// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { oid, sequence } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';

/** AES key wrap (RFC 3394), named by the size of the key-encryption key. */
export interface KeyWrap {
  /** Octets of the key-encryption key. */
  readonly kekLength: 16 | 24 | 32;
  /** AlgorithmIdentifier; its parameters are absent (RFC 3565). */
  readonly identifier: Buffer;
}

export const AES_128_WRAP: KeyWrap = { kekLength: 16, identifier: sequence(oid(OID.aes128Wrap)) };
export const AES_256_WRAP: KeyWrap = { kekLength: 32, identifier: sequence(oid(OID.aes256Wrap)) };

/** RFC 3394 §2.2.3.1. */
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);

/** Wraps a content-encryption key; the result is 8 octets longer. */
export function wrapKey({ kekLength }: KeyWrap, kek: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv(cipherName(kekLength), createSecretKey(kek), INITIAL_VALUE);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/** Two blocks of key (RFC 3394 §2) and one of integrity: OpenSSL takes less for an empty key, whoever wrapped it. */
const SHORTEST = 24;

/** Unwraps one. @throws whatever OpenSSL does where it was wrapped with another key, or changed. */
export function unwrapKey({ kekLength }: KeyWrap, kek: Buffer, wrapped: Buffer): Buffer {
  if (wrapped.length < SHORTEST) throw new RangeError('a wrapped key is cut off');
  const decipher = createDecipheriv(cipherName(kekLength), createSecretKey(kek), INITIAL_VALUE);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

const cipherName = (kekLength: number) => `id-aes${kekLength * 8}-wrap`;
