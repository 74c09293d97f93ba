// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EmailId } from '@securemail/contracts';
import { PersonalPartDamagedError, type PersonalCipher } from './personal-cipher.ts';

/** A {@link PersonalCipher} whose keys are gone with the process: for tests of the store alone. */
export function memoryCipher(): PersonalCipher & { erase(emailId: EmailId): void } {
  const keys = new Map<EmailId, Buffer>();
  const erased = new Set<EmailId>();
  return {
    seal({ emailId }, plaintext, associatedData) {
      const key = keys.get(emailId) ?? randomBytes(32);
      keys.set(emailId, key);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associatedData));
      const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return Promise.resolve(Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url'));
    },
    open({ emailId }, sealed, associatedData) {
      if (erased.has(emailId)) return Promise.resolve(null);
      const bytes = Buffer.from(sealed, 'base64url');
      const key = keys.get(emailId) ?? Buffer.alloc(32);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(associatedData))
        .setAuthTag(bytes.subarray(-16));
      const text = decipher.update(bytes.subarray(12, -16));
      try {
        return Promise.resolve(Buffer.concat([text, decipher.final()]));
      } catch {
        return Promise.reject(new PersonalPartDamagedError('does not authenticate'));
      }
    },
    erase(emailId) {
      keys.delete(emailId);
      erased.add(emailId);
    },
  };
}
