// SPDX-License-Identifier: Apache-2.0
import type { EncryptionRecipient, KeyTransport } from '@securemail/smime';
import type { Cast } from './cast.ts';

/** @param keyTransport for RSA keys; OAEP costs what PKCS#1 v1.5 does. */
export const recipientsOf = (
  { cast, recipients }: { cast: Cast; recipients: number },
  keyTransport: KeyTransport = 'rsaes-oaep-sha256',
): readonly EncryptionRecipient[] =>
  cast.recipients.slice(0, recipients).map((certificate) => ({
    certificate,
    keyEncryption: certificate.key.type === 'rsa' ? keyTransport : 'ecdh-sha256',
  }));
