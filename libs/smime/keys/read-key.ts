// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { UnreadableKeyError } from '../errors.ts';

/** A private key from unencrypted PEM. @throws UnreadableKeyError */
export function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Without its cause: OpenSSL's error might quote the input.
    throw new UnreadableKeyError('the private key is no unencrypted PEM');
  }
}
