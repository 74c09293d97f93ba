// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Sha256 } from '@securemail/contracts';
import type { EntityDigest } from '../facts/facts.ts';
import { splitMessage } from './split-message.ts';

/**
 * The digest of a message's own MIME entity, its `Content-*` fields and its body, as `attachSignatureCertificate` will
 * write it into the first part. Reads the message once, and holds no more than its header.
 *
 * @throws MalformedMessageError as `readHeader` does, and what the source throws.
 */
export async function digestOfEntity(message: AsyncIterable<Uint8Array>): Promise<EntityDigest> {
  const { inner, body } = await splitMessage(message);
  const header = inner.toBuffer();
  const hash = createHash('sha256').update(header);
  let octets = header.length;
  for await (const chunk of body) {
    hash.update(chunk);
    octets += chunk.length;
  }
  return { sha256: hash.digest('hex') as Sha256, octets };
}
