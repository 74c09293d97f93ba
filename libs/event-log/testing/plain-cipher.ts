// SPDX-License-Identifier: Apache-2.0
import type { PersonalCipher } from '@securemail/event-store';

/** Encodes and encrypts nothing: for tests of the log, which never looks inside. */
export const plainCipher: PersonalCipher = {
  seal: (_owner, plaintext) => Promise.resolve(Buffer.from(plaintext).toString('base64url')),
  open: (_owner, sealed) => Promise.resolve(Buffer.from(sealed, 'base64url')),
};
