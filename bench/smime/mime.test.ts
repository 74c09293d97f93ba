// SPDX-License-Identifier: Apache-2.0
import { cmsIn, enveloped, multipartSigned, partsOf } from './mime.ts';

it('what peers are wrapped in is found again', () => {
  const content = Buffer.from('Content-Type: text/plain\r\n\r\nDear Bo\r\n');
  const cms = Buffer.from([0x30, 0x80, 0xff]);
  const { content: found, signature } = partsOf(multipartSigned(content, cms));
  expect(found.equals(content)).toBe(true);
  expect(signature.equals(cms)).toBe(true);
  expect(cmsIn(enveloped(cms)).equals(cms)).toBe(true);
});
