// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto';
import { base64Lines, base64LinesOf, base64LinesSize } from '../mime/base64-lines.ts';
import { checkedSize, enclose, type MimeEntity } from '../mime/entity.ts';
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
}

/**
 * Signs an entity (RFC 8551 §3.5) with SHA-256. Reads it once now, unless it knows its digest, and once at each
 * opening of the result.
 *
 * @throws CryptographicOperationError where the signer could not sign.
 */
export async function signEntity(
  entity: MimeEntity,
  signer: Signer,
  { signingTime, form = 'detached' }: Signing,
): Promise<MimeEntity> {
  const sha256 = entity.sha256 ?? (await digestOf(entity));
  const encapsulated = form === 'opaque' ? entity.size : null;
  const { before, after } = await signedData(sha256, encapsulated, signer, signingTime);
  return form === 'opaque'
    ? opaque(enclose(before, entity, after))
    : detached(entity, Buffer.concat([before, after]));
}

async function digestOf(entity: MimeEntity): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of checkedSize(entity)) hash.update(chunk);
  return hash.digest();
}

/** RFC 8551 §3.5.3. The CRLF before a boundary belongs to the boundary: the entity is signed as it stands. */
function detached(entity: MimeEntity, signature: Buffer): MimeEntity {
  const boundary = `signed-${randomBytes(16).toString('hex')}`;
  const before =
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n' +
    ` micalg=sha-256; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`;
  const after =
    `\r\n--${boundary}\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n` +
    'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7s\r\n\r\n' +
    `${base64Lines(signature).toString('latin1')}--${boundary}--\r\n`;
  return enclose(Buffer.from(before), entity, Buffer.from(after));
}

/** RFC 8551 §3.5.2. */
const opaque = (cms: MimeEntity) => pkcs7Mime('signed-data', cms);

/** A CMS object as a MIME entity: application/pkcs7-mime in base64 (RFC 8551 §3.2). */
export function pkcs7Mime(smimeType: 'enveloped-data' | 'signed-data', cms: MimeEntity): MimeEntity {
  const header = Buffer.from(
    `Content-Type: application/pkcs7-mime; smime-type=${smimeType}; name=smime.p7m\r\n` +
      'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7m\r\n\r\n',
  );
  const body = { size: base64LinesSize(cms.size), open: () => base64LinesOf(checkedSize(cms)) };
  return enclose(header, body, Buffer.alloc(0));
}
