// SPDX-License-Identifier: Apache-2.0
import { base64In } from '../wrapped-oddly.ts';

/** The octets of a CMS object as an entity (RFC 8551 §3.2). */
export const pkcs7Entity = (cms: Buffer): Buffer =>
  Buffer.from(
    `Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64In(cms)}`,
  );

const BOUNDARY = 'a-boundary-that-no-content-has';

/** An entity and a detached signature of it as a multipart/signed (RFC 8551 §3.5.3). */
export const signedEntity = (content: Buffer, cms: Buffer, micalg: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n' +
        ` micalg=${micalg}; boundary="${BOUNDARY}"\r\n\r\n--${BOUNDARY}\r\n`,
    ),
    content,
    Buffer.from(
      `\r\n--${BOUNDARY}\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n` +
        `Content-Transfer-Encoding: base64\r\n\r\n${base64In(cms)}--${BOUNDARY}--\r\n`,
    ),
  ]);
