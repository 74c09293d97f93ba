// SPDX-License-Identifier: Apache-2.0
import { openBytes } from '../testing/opening.ts';

const ENCRYPTED = 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m';
const SIGNED =
  'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=s';
const TOP = 'From: a@a.example\r\nMessage-ID: <1@a.example>\r\nMIME-Version: 1.0\r\n';

const mixed = (...parts: string[]) =>
  `Content-Type: multipart/mixed; boundary="in:list"\r\n\r\n${parts.map((part) => `--in:list\r\n${part}\r\n`).join('')}` +
  `--in:list\r\nContent-Type: text/plain\r\n\r\n_____\r\nThe list\r\n--in:list--\r\n`;
const part = (header: string) => `${header}\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAxggE\r\n`;
const attached = (...fields: string[]) =>
  `Content-Type: message/rfc822\r\n\r\n${part(['From: b@b.example', ...fields].join('\r\n'))}`;

const closedPartsOf = async (entity: string) => {
  const found = await Promise.all(
    [[64 * 1024], [1], [7, 3]].map((cuts) => openBytes(Buffer.from(TOP + entity), {}, ...cuts)),
  );
  expect(found.map(({ layers }) => layers)).toEqual([[], [], []]);
  const [first, ...others] = found.map(({ closedParts }) => closedParts);
  for (const other of others) expect(other).toEqual(first);
  return first;
};

describe('a part of S/MIME that does not stand at the top is told', () => {
  it.each([
    ['encrypted', ENCRYPTED],
    ['encrypted, by an old program', 'Content-Type: application/x-pkcs7-mime'],
    ['encrypted, under any name', ENCRYPTED.replace('smime.p7m', 'mail.p7m')],
    [
      'named alone',
      'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=smime.p7m',
    ],
    [
      'opaquely signed',
      'Content-Type: application/pkcs7-mime;\r\n smime-type=signed-data;\r\n name="smime.p7m"',
    ],
    ['signed', SIGNED],
    ['a signature whose content is elsewhere', 'Content-Type: application/pkcs7-signature; name=smime.p7s'],
  ])('%s', async (_, header) => {
    expect(await closedPartsOf(mixed(part(header)))).toEqual(['in-message']);
    expect(await closedPartsOf(mixed(part('Content-Type: text/plain'), mixed(part(header))))).toEqual([
      'in-message',
    ]);
  });

  it.each([
    ['another mail', attached(ENCRYPTED), ['in-attached-message']],
    ['another mail in another', attached(mixed(attached(SIGNED)).trimEnd()), ['in-attached-message']],
    [
      'the mail itself, with a report before it',
      attached('Message-ID: <1@a.example>', SIGNED),
      ['in-message'],
    ],
    ['both', part(ENCRYPTED) + `--in:list\r\n${attached(SIGNED)}`, ['in-message', 'in-attached-message']],
  ])('in %s', async (_, inside, found) => {
    expect(await closedPartsOf(mixed(inside))).toEqual(found);
  });

  it('where a list made all of the mail an attached one', async () => {
    expect(await closedPartsOf(attached(ENCRYPTED))).toEqual(['in-message']);
  });
});

it.each([
  ['ordinary parts', part('Content-Type: image/png; name=smime.png')],
  [
    'a signed document',
    part('Content-Type: application/pkcs7-mime; smime-type=signed-data; name=contract.pdf.p7m'),
  ],
  ['certificates', part('Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c')],
  ['OpenPGP', part(SIGNED.replace('pkcs7', 'pgp'))],
  ['lines that look like a part', part(`Content-Type: text/plain\r\n\r\n--other\r\n${ENCRYPTED}`)],
])('%s are none', async (_, inside) => {
  expect(await closedPartsOf(mixed(inside))).toEqual([]);
});
