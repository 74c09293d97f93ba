// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { noticingAttached } from './attached-mails.ts';

async function isNoticed(mail: string, size: number): Promise<boolean> {
  const bytes = Buffer.from(mail);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const { source, noticed } = noticingAttached(Readable.from(chunks), true);
  expect(await buffer(source)).toEqual(bytes);
  return noticed();
}

const withPart = (...fields: string[]) =>
  [
    'Subject: =?utf-8?Q?=C3=86r=C3=B8?=',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    ...fields,
    '',
    'x',
    '--b--',
    '',
  ].join('\r\n');

describe('that a mail may have others attached', () => {
  it.each([
    'Content-Type: message/rfc822',
    'Content-Type: multipart/digest; boundary=c',
    'Content-Type: application/octet-stream; name="Sag.EML"',
    'Content-Type: application/octet-stream; name="=?utf-8?B?U2FnIMOGcsO4LmVtbA==?="',
    'Content-Disposition: attachment; filename =\r\n "=?iso-8859-1?Q?Sag_=C6r=F8=2Eeml?="',
    `Content-Disposition: attachment; filename="${'Sag '.repeat(60)}\r\n =?utf-8?Q?=2Ee?= =?utf-8?Q?ml?="`,
    "Content-Disposition: attachment; filename*=utf-8''Sag%20%C3%86r%C3%B8%2Eeml",
    'Content-Disposition: attachment;\r\n filename*0="Sag Ar.e";\r\n filename*1="ml"',
    'Content-Disposition: attachment; filename="Sag%2Eeml"',
  ])('is noticed, however the mail is cut: %s', async (field) => {
    for (const size of [1_000, 97, 7]) expect(await isNoticed(withPart(field), size)).toBe(true);
  });

  it.each([
    'Content-Type: text/plain; charset=utf-8',
    'Content-Type: application/pdf; name="Sag.pdf"',
    'Content-Disposition: attachment; filename=sag.docx; size=17',
  ])('is not said of one with files of other names: %s', async (field) => {
    expect(await isNoticed(withPart(field), 97)).toBe(false);
  });
});
