// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { entityOf, signThenEncrypt, type Certificate, type Signer } from '@securemail/smime';

/** What is done to each mail: signed, then encrypted. @returns the mail, whole. */
export async function protect(content: Buffer, signer: Signer, reader: Certificate): Promise<Buffer> {
  const entity = await signThenEncrypt(entityOf(content), {
    signer,
    signingTime: new Date(),
    recipients: [reader],
  });
  return await buffer(entity.open());
}
