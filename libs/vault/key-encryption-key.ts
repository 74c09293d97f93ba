// SPDX-License-Identifier: Apache-2.0
/** The key that wraps data keys. It never leaves its port: a file now, a PKCS#11 token or a cloud's KMS elsewhere. */
export interface KeyEncryptionKey {
  /** Names the key, and gives nothing of it away. */
  readonly id: string;
  /** @param context what the key belongs to; it unwraps with the same text only. */
  wrap(key: Buffer, context: string): Promise<Buffer>;
  /** @throws WrongKeyEncryptionKeyError where it was not wrapped by this key for this context. */
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>;
}

/** The data keys were wrapped by another key-encryption key than the one given. */
export class WrongKeyEncryptionKeyError extends Error {
  override name = 'WrongKeyEncryptionKeyError';
}
