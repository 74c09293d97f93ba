// SPDX-License-Identifier: Apache-2.0
import { UnreadableEventError, type EmailId, type TenantId } from '@securemail/contracts';

/**
 * Encrypts what names a person under its email's own data key, so that destroying that key erases it everywhere.
 * The vault has the real one.
 */
export interface PersonalCipher {
  /**
   * @param associatedData what the ciphertext is bound to; it opens with the same text only.
   * @returns base64url without padding.
   */
  seal(
    owner: { emailId: EmailId; tenantId: TenantId },
    plaintext: Uint8Array,
    associatedData: string,
  ): Promise<string>;

  /**
   * @returns null where the data key was destroyed.
   * @throws PersonalPartDamagedError where it was changed, or sealed for something else.
   */
  open(owner: { emailId: EmailId }, sealed: string, associatedData: string): Promise<Uint8Array | null>;
}

/** The personal part of an event does not authenticate: no retry will mend it. */
export class PersonalPartDamagedError extends UnreadableEventError {
  override name = 'PersonalPartDamagedError';
}
