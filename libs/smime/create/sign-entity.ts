// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Capability } from '../algorithms/capabilities.ts';
import { DIGESTS, type DigestAlgorithm } from '../algorithms/digests.ts';
import { COMMON_CAPABILITIES } from '../algorithms/own-capabilities.ts';
import { checkSignatureAlgorithm } from '../algorithms/signable.ts';
import { SIGNATURES } from '../algorithms/signatures.ts';
import { EntityChangedError } from '../errors.ts';
import { enclose, type MimeEntity } from '../mime/entity.ts';
import { multipartSigned } from '../mime/multipart-signed.ts';
import { pkcs7Mime } from './pkcs7-mime.ts';
import { signedData } from './signed-data.ts';
import type { Signer } from '../keys/signer.ts';

export interface Signing {
  /** What the signed attribute signingTime says. */
  signingTime: Date;
  /**
   * `detached` (multipart/signed) can be read by any mail program; what it holds must survive the way, so outside
   * an encryption it must be 7-bit. `opaque` (application/pkcs7-mime) carries any bytes, but only S/MIME programs
   * show it.
   *
   * @default 'detached'
   */
  form?: 'detached' | 'opaque';
  /**
   * What the signer can read, best first; whoever answers him may use any of it.
   *
   * @default AES-256-CBC and AES-128-CBC, which his mail program reads, whichever it is
   */
  capabilities?: readonly Capability[] | undefined;
}

/**
 * Signs an entity (RFC 8551 §3.5), with the digest that goes with the signer's algorithm. Reads it once now, unless it
 * knows that digest, and once at each opening of the result.
 *
 * @throws CryptographicOperationError where the signer could not sign; BelowPolicyFloorError or
 *   UnsuitableCertificateError where his certificate's key is not for this algorithm.
 */
export async function signEntity(
  entity: MimeEntity,
  signer: Signer,
  { signingTime, form = 'detached', capabilities = COMMON_CAPABILITIES }: Signing,
): Promise<MimeEntity> {
  checkSignatureAlgorithm(signer.certificate, signer.algorithm);
  const { digest } = SIGNATURES[signer.algorithm];
  const messageDigest =
    entity.digest?.algorithm === digest ? entity.digest.value : await digestOf(entity, digest);
  const encapsulated = form === 'opaque' ? entity.size : null;
  const attributes = { messageDigest, signingTime, capabilities };
  const { before, after } = await signedData(attributes, encapsulated, signer);
  return form === 'opaque'
    ? opaque(enclose(before, entity, after))
    : detached(entity, Buffer.concat([before, after]), DIGESTS[digest].micalg);
}

async function digestOf(entity: MimeEntity, algorithm: DigestAlgorithm): Promise<Buffer> {
  const hash = createHash(algorithm);
  let size = 0;
  for await (const chunk of entity.open()) {
    hash.update(chunk);
    size += chunk.length;
  }
  if (size !== entity.size) throw new EntityChangedError();
  return hash.digest();
}

function detached(entity: MimeEntity, signature: Buffer, micalg: string): MimeEntity {
  const { before, after } = multipartSigned(signature, micalg);
  return enclose(before, entity, after);
}

/** RFC 8551 §3.5.2. */
const opaque = (cms: MimeEntity) => pkcs7Mime('signed-data', cms);
