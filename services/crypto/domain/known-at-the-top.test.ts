// SPDX-License-Identifier: Apache-2.0
import { headerIn } from '@securemail/mime';
import { isKnownOnlyAtTheTop } from './known-at-the-top.ts';

it.each([
  ['application/pkcs7-mime; smime-type=enveloped-data', true],
  ['application/x-pkcs7-mime', true],
  ['multipart/encrypted; protocol="application/pgp-encrypted"', true],
  ['multipart/report; report-type=disposition-notification; boundary=b', true],
  // RFC 8551 §3.2.1
  ['application/octet-stream; name=smime.p7m', true],
  ['application/octet-stream\r\nContent-Disposition: attachment; filename="SMIME.P7M"', true],
  ['application/octet-stream; name=smime.p7s', false],
  ['text/plain; name=smime.p7m', false],
  ['multipart/signed; protocol="application/pkcs7-signature"; boundary=b', false],
])('%s: %s', (type, only) => {
  expect(isKnownOnlyAtTheTop(headerIn(Buffer.from(`Content-Type: ${type}\r\n\r\n`)))).toBe(only);
});
