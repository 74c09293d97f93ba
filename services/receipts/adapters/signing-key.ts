// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { whyNotPrivate } from '@securemail/config/private-file';

/** Which keys a setting takes, and how that is said. */
export interface WantedKey {
  isOne: (key: KeyObject) => boolean;
  otherwise: string;
}

/** @throws Error that names the setting, where the file is no such key, or others may read it. */
export const privateKeyIn = (setting: string, file: string, wanted: WantedKey): KeyObject =>
  keyIn(setting, file, wanted, (pem) => {
    const fault = whyNotPrivate(file, statSync(file).mode);
    if (fault !== null) throw new UnusableKeyError(fault);
    return createPrivateKey(pem);
  });

/** @throws Error that names the setting, where the file is no such key. */
export const publicKeyIn = (setting: string, file: string, wanted: WantedKey): KeyObject =>
  keyIn(setting, file, wanted, (pem) => createPublicKey(pem));

class UnusableKeyError extends Error {
  override name = 'UnusableKeyError';
}

function keyIn(
  setting: string,
  file: string,
  { isOne, otherwise }: WantedKey,
  read: (pem: string) => KeyObject,
): KeyObject {
  try {
    const key = read(readFileSync(file, 'utf8'));
    if (!isOne(key)) throw new UnusableKeyError(otherwise);
    return key;
  } catch (error) {
    const why = error instanceof UnusableKeyError ? error.message : 'it is no key in PEM that can be read';
    throw new Error(`${setting}: ${file}: ${why}`, { cause: error });
  }
}
