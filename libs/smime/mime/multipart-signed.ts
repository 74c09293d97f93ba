// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { base64Lines } from './base64-lines.ts';

/** What stands around something. */
export interface Around {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * What makes a multipart/signed of an entity (RFC 8551 §3.5.3). The CRLF before a boundary belongs to the boundary: the
 * entity is signed as it stands.
 *
 * @param signature a SignedData without content, in DER.
 * @param micalg as RFC 8551 §3.5.3.2 spells it.
 */
export function multipartSigned(signature: Buffer, micalg: string): Around {
  const boundary = `signed-${randomBytes(16).toString('hex')}`;
  const before =
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n' +
    ` micalg=${micalg}; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`;
  const after =
    `\r\n--${boundary}\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n` +
    'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7s\r\n\r\n' +
    `${base64Lines(signature).toString('latin1')}--${boundary}--\r\n`;
  return { before: Buffer.from(before), after: Buffer.from(after) };
}
