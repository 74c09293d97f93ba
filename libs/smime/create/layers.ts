// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from '../certificates/certificate.ts';
import type { MimeEntity } from '../mime/entity.ts';
import type { Signer } from '../keys/signer.ts';
import { encryptEntity, type Encryption } from './encrypt-entity.ts';
import type { EncryptionRecipient } from './recipient-info.ts';
import { signEntity, type Signing } from './sign-entity.ts';

export interface SignedAndEncrypted extends Encryption, Omit<Signing, 'form'> {
  signer: Signer;
  /** At least one. */
  recipients: readonly (Certificate | EncryptionRecipient)[];
}

/**
 * Signs, then encrypts (RFC 8551 §3.7): the recipients see who wrote it, the way does not.
 *
 * @throws what `signEntity` and `encryptEntity` throw.
 */
export async function signThenEncrypt(
  entity: MimeEntity,
  { signer, recipients, ...options }: SignedAndEncrypted,
): Promise<MimeEntity> {
  const signed = await signEntity(entity, signer, options);
  return await encryptEntity(signed, recipients, options);
}

export interface TripleWrapping extends SignedAndEncrypted {
  /** Signs the ciphertext, a gateway for instance. @default the signer of the content */
  outerSigner?: Signer | undefined;
}

/**
 * Signs, encrypts, and signs the ciphertext once more (RFC 2634 §1.1): who handles the message on its way can tell
 * whose it is without reading it, and no recipient can claim that it was encrypted by another. The outer signature is
 * detached; ciphertext in base64 survives every relay.
 *
 * @throws what `signEntity` and `encryptEntity` throw.
 */
export async function tripleWrap(
  entity: MimeEntity,
  { outerSigner, ...options }: TripleWrapping,
): Promise<MimeEntity> {
  const { signer, signingTime, capabilities } = options;
  const encrypted = await signThenEncrypt(entity, options);
  return await signEntity(encrypted, outerSigner ?? signer, { signingTime, capabilities });
}
