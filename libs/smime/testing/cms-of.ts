// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import type { MimeEntity } from '../index.ts';

const EMPTY_LINE = '\r\n\r\n';

/** The CMS object in an application/pkcs7-mime entity or message. */
export async function cmsOf(entity: Pick<MimeEntity, 'open'>): Promise<Buffer> {
  const text = (await buffer(entity.open())).toString('latin1');
  return Buffer.from(text.slice(text.indexOf(EMPTY_LINE)), 'base64');
}

/** The signed content and the CMS object of a multipart/signed entity. */
export async function partsOf(entity: Pick<MimeEntity, 'open'>): Promise<{ content: Buffer; cms: Buffer }> {
  const text = (await buffer(entity.open())).toString('latin1');
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1] ?? '';
  const [, content = '', signature = ''] = text.split(`--${boundary}\r\n`);
  const base64 = signature.slice(signature.indexOf(EMPTY_LINE), signature.indexOf(`--${boundary}--`));
  return {
    content: Buffer.from(content.slice(0, -'\r\n'.length), 'latin1'),
    cms: Buffer.from(base64, 'base64'),
  };
}
