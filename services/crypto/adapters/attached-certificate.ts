// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import {
  attachSignatureCertificate,
  digestOfEntity,
  makeSignatureCertificate,
  type SignatureCertificateFacts,
} from '@securemail/signature-certificate';
import type { Signer } from '@securemail/smime';
import type { Message } from './received-message.ts';

/**
 * The message with a Signature certificate about it.
 *
 * @throws KeyUnavailableError where the organisation's key could not be asked; what the message throws.
 */
export async function withCertificate(
  message: Message,
  facts: Omit<SignatureCertificateFacts, 'entity'>,
  { signer, language }: { signer: Signer; language: Language },
): Promise<Message> {
  const entity = await digestOfEntity(message());
  const certificate = await makeSignatureCertificate({ facts: { ...facts, entity }, signer, language });
  return () => attachSignatureCertificate(message(), certificate) as AsyncIterable<Buffer>;
}
