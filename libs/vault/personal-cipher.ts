// SPDX-License-Identifier: Apache-2.0
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { PersonalPartDamagedError, type PersonalCipher } from '@securemail/event-store';
import type { DataKey, DataKeys } from './data-keys.ts';
import { ContentMissingError } from './vault.ts';

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/**
 * Personal parts of events under the email's data key, by a label of their own (HKDF-SHA256, AES-256-GCM):
 * an octet with the version, the nonce, the ciphertext, the tag.
 *
 * What is sealed for an erased email is sealed under a key that nobody keeps: history goes on, and names nobody.
 */
export const personalCipher = (dataKeys: DataKeys): PersonalCipher => ({
  async seal(owner, plaintext, associatedData) {
    const found = await dataKeys.findOrCreate(owner);
    const key = found === 'erased' ? randomBytes(32) : personalKeyOf(found);
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associatedData));
    const sealed = [Buffer.of(VERSION), nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString('base64url');
  },

  async open({ emailId }, sealed, associatedData) {
    const found = await dataKeys.find(emailId);
    if (found === 'erased') return null;
    if (found === null) throw new ContentMissingError(`the vault has no data key of email ${emailId}`);
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes[0] !== VERSION || bytes.length < 1 + NONCE + TAG) throw damaged(emailId);
    const nonce = bytes.subarray(1, 1 + NONCE);
    const decipher = createDecipheriv('aes-256-gcm', personalKeyOf(found), nonce, { authTagLength: TAG });
    decipher.setAAD(Buffer.from(associatedData)).setAuthTag(bytes.subarray(-TAG));
    const plaintext = decipher.update(bytes.subarray(1 + NONCE, -TAG));
    try {
      decipher.final();
    } catch {
      throw damaged(emailId);
    }
    return plaintext;
  },
});

/** An email's events are sealed and opened some dozen times in a short while: its key is derived once. */
const derived = new WeakMap<DataKey, KeyObject>();

function personalKeyOf(dataKey: DataKey): KeyObject {
  const known = derived.get(dataKey);
  if (known !== undefined) return known;
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', dataKey.key, '', 'securemail personal v1', 32)));
  derived.set(dataKey, key);
  return key;
}

const damaged = (emailId: string) =>
  new PersonalPartDamagedError(
    `a personal part of email ${emailId} was changed, or was sealed for another event`,
  );
