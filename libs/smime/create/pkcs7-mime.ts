// SPDX-License-Identifier: Apache-2.0
import { base64LinesSize, base64LinesStage } from '../mime/base64-lines.ts';
import { enclose, staged, type MimeEntity } from '../mime/entity.ts';

/** RFC 8551 §3.2.2. */
export type SmimeType = 'enveloped-data' | 'authEnveloped-data' | 'signed-data';

const NOTHING = Buffer.alloc(0);

/** A CMS object as a MIME entity: application/pkcs7-mime in base64 (RFC 8551 §3.2). */
export function pkcs7Mime(smimeType: SmimeType, cms: MimeEntity): MimeEntity {
  const header = Buffer.from(
    `Content-Type: application/pkcs7-mime; smime-type=${smimeType}; name=smime.p7m\r\n` +
      'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7m\r\n\r\n',
  );
  return enclose(header, staged(cms, base64LinesSize(cms.size), base64LinesStage), NOTHING);
}
