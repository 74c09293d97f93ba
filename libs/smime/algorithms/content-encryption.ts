// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createSecretKey } from 'node:crypto';
import { octetString, oid, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { BelowPolicyFloorError } from '../errors.ts';

/** What encrypts the content, by the names that node:crypto has for them. */
export type ContentEncryption =
  'aes-256-cbc' | 'aes-128-cbc' | 'aes-256-gcm' | 'aes-128-gcm' | 'chacha20-poly1305';

/** Of the authentication tag, in octets: the full length that each of these ciphers has. */
export const TAG_LENGTH = 16;
const BLOCK = 16;

export interface ContentCipher {
  /** Without a Node type for each mode: what all of them can do. */
  update(chunk: Buffer): Buffer;
  final(): Buffer;
}

interface Cipher {
  readonly id: string;
  /** Octets of the content-encryption key. */
  readonly keyLength: number;
  /** Octets of the initialization vector or nonce. */
  readonly nonceLength: number;
  /** AEAD: makes an AuthEnvelopedData, whose tag reveals every change. */
  readonly authenticated: boolean;
  /** The most octets that one key and nonce may encrypt. */
  readonly limit: number;
  /** AlgorithmIdentifier of the content encryption. */
  identifier(nonce: Buffer): Buffer;
  /** Octets of ciphertext for so many of plaintext. */
  ciphertextSize(plaintext: number): number;
}

const cbc = (id: string, keyLength: number, type = oid(id)): Cipher => ({
  id,
  keyLength,
  nonceLength: BLOCK,
  authenticated: false,
  limit: Number.MAX_SAFE_INTEGER,
  identifier: (nonce) => sequence(type, octetString(nonce)),
  ciphertextSize: (plaintext) => (Math.floor(plaintext / BLOCK) + 1) * BLOCK,
});

/** RFC 5084 §3.2: GCMParameters, with the length of the tag said, as its default is 12. NIST SP 800-38D §5.2.1.1. */
const gcm = (id: string, keyLength: number, type = oid(id)): Cipher => ({
  id,
  keyLength,
  nonceLength: 12,
  authenticated: true,
  limit: 2 ** 36 - 32,
  identifier: (nonce) => sequence(type, sequence(octetString(nonce), smallInteger(TAG_LENGTH))),
  ciphertextSize: (plaintext) => plaintext,
});

/** RFC 8103: the nonce is the parameter. RFC 8439 §2.8 has the limit. */
const chacha20Poly1305: Cipher = {
  id: OID.chacha20Poly1305,
  keyLength: 32,
  nonceLength: 12,
  authenticated: true,
  limit: (2 ** 32 - 1) * 64,
  identifier: (nonce) => sequence(oid(OID.chacha20Poly1305), octetString(nonce)),
  ciphertextSize: (plaintext) => plaintext,
};

const CIPHERS: Readonly<Record<ContentEncryption, Cipher>> = {
  'aes-256-gcm': gcm(OID.aes256Gcm, 32),
  'chacha20-poly1305': chacha20Poly1305,
  'aes-128-gcm': gcm(OID.aes128Gcm, 16),
  'aes-256-cbc': cbc(OID.aes256Cbc, 32),
  'aes-128-cbc': cbc(OID.aes128Cbc, 16),
};

/** All of them, the one to be preferred first. */
export const CONTENT_ENCRYPTIONS = Object.keys(CIPHERS) as readonly ContentEncryption[];

/** @throws BelowPolicyFloorError for any other name, whoever it came from. */
export function contentCipher(name: ContentEncryption): Cipher {
  if (!Object.hasOwn(CIPHERS, name)) {
    throw new BelowPolicyFloorError(`content is never encrypted with ${JSON.stringify(name)} here`);
  }
  return CIPHERS[name];
}

/** Starts encrypting; `tag` may be called after `final`, and gives nothing where the cipher has none. */
export function startEncryption(
  name: ContentEncryption,
  key: Buffer,
  nonce: Buffer,
): ContentCipher & { tag(): Buffer } {
  // Node takes longer to find out that octets are no KeyObject than to encrypt a short mail.
  const secret = createSecretKey(key);
  if (name === 'aes-256-cbc' || name === 'aes-128-cbc') {
    const cipher = createCipheriv(name, secret, nonce);
    return {
      update: (chunk) => cipher.update(chunk),
      final: () => cipher.final(),
      tag: () => Buffer.alloc(0),
    };
  }
  const cipher =
    name === 'chacha20-poly1305'
      ? createCipheriv(name, secret, nonce, { authTagLength: TAG_LENGTH })
      : createCipheriv(name, secret, nonce, { authTagLength: TAG_LENGTH });
  return {
    update: (chunk) => cipher.update(chunk),
    final: () => cipher.final(),
    tag: () => cipher.getAuthTag(),
  };
}
