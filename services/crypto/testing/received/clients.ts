// SPDX-License-Identifier: Apache-2.0
import {
  anna,
  bo,
  detachedEntity,
  encryptedEntity,
  HTML,
  mail,
  opaqueEntity,
  TEXT,
  type ReceivedCase,
} from './case.ts';

type Client = Exclude<ReceivedCase['shape'], 'by hand' | 'standard'>;
const CLIENTS: readonly Client[] = [
  'outlook',
  'exchange',
  'appleMail',
  'iosMail',
  'thunderbird',
  'gmail',
  'notes',
  'kmail',
  'mutt',
];
const valid = { verdict: 'valid' } as const;
const lf = (text: string) => text.replaceAll('\r\n', '\n');

const ALTERNATIVE =
  'Content-Type: multipart/alternative;\r\n boundary="Apple-Mail=_inner"\r\n\r\n--Apple-Mail=_inner\r\n' +
  `${TEXT}\r\n--Apple-Mail=_inner\r\n${HTML}\r\n--Apple-Mail=_inner--\r\n`;

/** What programs send, and what is odd about it. */
export const FROM_CLIENTS: readonly ReceivedCase[] = [
  ...CLIENTS.flatMap((shape): ReceivedCase[] => [
    {
      title: 'signed, detached',
      shape,
      make: mail(detachedEntity(TEXT, bo, { shape }), { shape }),
      ...valid,
    },
    {
      title: 'signed, then encrypted',
      shape,
      make: mail(encryptedEntity(detachedEntity(TEXT, bo, { shape }), anna, { shape }), { shape }),
      ...valid,
    },
  ]),
  {
    title: 'signed opaquely, no smime-type, indefinite lengths',
    shape: 'exchange',
    make: mail(opaqueEntity(TEXT, bo, { shape: 'exchange' }, '-stream'), { shape: 'exchange' }),
    ...valid,
  },
  {
    title: 'the type taken away on its way, the name of the file left',
    shape: 'exchange',
    make: mail(opaqueEntity(TEXT, bo, { change: { pkcs7: 'application/octet-stream; name="smime.p7m"' } })),
    ...valid,
  },
  {
    title: 'encrypted, as octet-stream with indefinite lengths',
    shape: 'exchange',
    make: mail(
      encryptedEntity(
        opaqueEntity(TEXT),
        anna,
        { change: { pkcs7: 'application/octet-stream; name="SMIME.P7M"' } },
        '-stream',
      ),
    ),
    ...valid,
  },
  {
    title: 'signed opaquely inside, for Anna and the sender himself',
    shape: 'outlook',
    make: mail(
      encryptedEntity(
        opaqueEntity(TEXT, bo, { shape: 'outlook' }),
        ({ issued }) => [issued.bo, issued.anna],
        {
          shape: 'outlook',
        },
      ),
      { shape: 'outlook' },
    ),
    ...valid,
  },
  {
    title: 'text and HTML, signed',
    shape: 'appleMail',
    make: mail(detachedEntity(ALTERNATIVE, bo, { shape: 'appleMail' }), { shape: 'appleMail' }),
    ...valid,
  },
  {
    title: 'all its lines ended by LF inside the encryption',
    shape: 'mutt',
    make: mail(encryptedEntity(async (cast) => lf(await detachedEntity(TEXT)(cast)))),
    ...valid,
  },
  ...(
    [
      ['micalg missing', null],
      ['micalg empty', '""'],
      ['micalg unknown', 'gost3411'],
      ['micalg in capitals', 'SHA-256'],
      ['micalg a list', '"sha1,sha256"'],
    ] as const
  ).map(([title, micalg]): ReceivedCase => ({
    title,
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, { change: { micalg } })),
    ...valid,
  })),
  {
    title: 'RSASSA-PSS',
    shape: 'outlook',
    make: mail(detachedEntity(TEXT, bo, { shape: 'outlook' }, '-keyopt', 'rsa_padding_mode:pss')),
    ...valid,
  },
  {
    title: 'SHA-512, announced',
    shape: 'standard',
    make: mail(detachedEntity(TEXT, bo, { change: { micalg: 'sha-512' } }, '-md', 'sha512')),
    ...valid,
  },
  {
    title: 'SHA-512, where micalg announces SHA-256',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, {}, '-md', 'sha512')),
    verdict: 'invalid',
    reservations: ['digest-not-announced'],
  },
  {
    title: 'SHA-512, opaque',
    shape: 'outlook',
    make: mail(opaqueEntity(TEXT, bo, { shape: 'outlook' }, '-md', 'sha512')),
    ...valid,
  },
  {
    title: 'no signed attributes',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, bo, {}, '-noattr')),
    verdict: 'invalid',
    reservations: ['signed-attributes-missing'],
  },
  {
    title: 'the authority along with the signer',
    shape: 'thunderbird',
    make: mail(detachedEntity(TEXT, bo, { shape: 'thunderbird' }, '-certfile', 'authority.pem')),
    ...valid,
  },
  {
    title: 'an authority between the signer and the root',
    shape: 'outlook',
    make: mail(
      detachedEntity(TEXT, ({ below }) => below, {}, '-certfile', 'between.pem'),
      {
        fields: { from: 'below@citizen.example' },
      },
    ),
    from: 'below@citizen.example',
    ...valid,
  },
  {
    title: 'AES-GCM, signed inside',
    shape: 'standard',
    make: mail(encryptedEntity(opaqueEntity(TEXT), anna, {}, '-aes-256-gcm')),
    ...valid,
  },
  {
    title: 'AES-GCM, not signed',
    shape: 'standard',
    make: mail(encryptedEntity(HTML, anna, {}, '-aes-256-gcm')),
    verdict: 'not-signed',
  },
  {
    title: 'triple wrapped (RFC 2634)',
    shape: 'standard',
    make: mail(opaqueEntityAround(encryptedEntity(opaqueEntity(TEXT)))),
    ...valid,
  },
  {
    title: 'signed by two, one after the other',
    shape: 'by hand',
    make: mail(opaqueEntityAround(opaqueEntity(TEXT))),
    ...valid,
  },
  {
    title: 'signed by two at once, the sender and another',
    shape: 'by hand',
    make: mail(detachedEntity(TEXT, ({ issued }) => [issued.kim, issued.bo])),
    ...valid,
  },
  {
    title: 'encrypted twice, for the organisation and then for Anna',
    shape: 'by hand',
    make: mail(
      encryptedEntity(encryptedEntity(opaqueEntity(TEXT), ({ issued }) => [issued['demo.example']])),
    ),
    ...valid,
  },
  {
    title: 'for a key that is over',
    shape: 'standard',
    make: mail(encryptedEntity(opaqueEntity(TEXT), ({ former }) => [former.expired])),
    ...valid,
  },
  {
    title: 'for the key before the last',
    shape: 'standard',
    make: mail(encryptedEntity(opaqueEntity(TEXT), ({ former }) => [former.rolled])),
    ...valid,
  },
  {
    title: 'for the organisation',
    shape: 'standard',
    make: mail(encryptedEntity(opaqueEntity(TEXT), ({ issued }) => [issued['demo.example']])),
    ...valid,
  },
  {
    title: 'encrypted only',
    shape: 'thunderbird',
    make: mail(encryptedEntity(TEXT, anna, { shape: 'thunderbird' }), { shape: 'thunderbird' }),
    verdict: 'not-signed',
    reservations: ['unauthenticated-encryption'],
  },
  { title: 'neither signed nor encrypted', shape: 'standard', make: mail(TEXT), verdict: 'not-signed' },
  {
    title: 'its header inside (RFC 9788)',
    shape: 'by hand',
    make: mail(encryptedEntity(opaqueEntity(protectedHeader('hp="cipher"'))), {
      fields: { subject: '[...]' },
    }),
    subject: 'Diagnosis',
    ...valid,
  },
  {
    title: 'its header inside, as the draft before RFC 9788',
    shape: 'thunderbird',
    make: mail(encryptedEntity(opaqueEntity(protectedHeader('protected-headers="v1"'))), {
      shape: 'thunderbird',
      fields: { subject: '...' },
    }),
    subject: 'Diagnosis',
    ...valid,
  },
  {
    title: 'wrapped for the sake of its header (RFC 8551 §3.1)',
    shape: 'by hand',
    make: mail(
      encryptedEntity(
        opaqueEntity(
          `Content-Type: message/rfc822; forwarded=no\r\n\r\nFrom: Bo <bo@citizen.example>\r\nSubject: Diagnosis\r\n${TEXT}`,
        ),
      ),
      { fields: { subject: 'S/MIME' } },
    ),
    subject: 'Diagnosis',
    ...valid,
  },
];

function opaqueEntityAround(inner: ReturnType<typeof mail>): ReturnType<typeof mail> {
  return async (cast) => await opaqueEntity(await inner(cast))(cast);
}

function protectedHeader(parameter: string): string {
  return `From: Bo <bo@citizen.example>\r\nSubject: Diagnosis\r\n${TEXT.replace('charset', `${parameter}; charset`)}`;
}
