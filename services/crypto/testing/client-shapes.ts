// SPDX-License-Identifier: Apache-2.0

/** How a mail program writes S/MIME: after mails of it as they are known; none of these programs runs here. */
export interface Shape {
  /** Fields of the message that tell the program. */
  fields: string;
  boundary: string;
  preamble: string;
  protocol: string;
  micalg: string | null;
  /** Of an opaque or encrypted entity: its Content-Type, with `{type}` where smime-type goes. */
  pkcs7: string;
}

const base64 = (bytes: Buffer, width = 76) =>
  (bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
    .map((line) => `${line}\r\n`)
    .join('');

const STANDARD: Shape = {
  fields: '',
  boundary: '----8B3F02',
  preamble: '',
  protocol: 'application/pkcs7-signature',
  micalg: 'sha-256',
  pkcs7: 'application/pkcs7-mime; smime-type={type}; name="smime.p7m"',
};

export const SHAPES = {
  standard: STANDARD,
  outlook: {
    ...STANDARD,
    fields:
      'X-Mailer: Microsoft Outlook 16.0\r\nThread-Index: AdpXk1mQY2lrb3Zla29yb3ZlawAAAA==\r\nContent-Language: da\r\n',
    boundary: '----=_NextPart_000_0012_01DA7C2B.5E1F3C40',
    preamble: 'This is a multipart message in MIME format.\r\n\r\n',
    protocol: 'application/x-pkcs7-signature',
    micalg: 'SHA1',
    pkcs7: 'application/x-pkcs7-mime;\r\n\tsmime-type={type};\r\n\tname="smime.p7m"',
  },
  exchange: {
    ...STANDARD,
    fields:
      'X-MS-Exchange-Organization-SCL: -1\r\nX-MS-Has-Attach: yes\r\nThread-Topic: Journal\r\n' +
      'Thread-Index: AQHaV5NZpWjqX0mE9kmC8w==\r\nContent-Class: urn:content-classes:message\r\n',
    boundary: '_000_AM0PR01MB0001EURPRD01PROD_',
    pkcs7: 'application/pkcs7-mime; name="smime.p7m"',
  },
  appleMail: {
    ...STANDARD,
    fields: 'X-Mailer: Apple Mail (2.3774.600.62)\r\n',
    boundary: 'Apple-Mail=_0A2B1C3D-4E5F-6071-8293-A4B5C6D7E8F9',
    preamble: '\r\n',
    pkcs7: 'application/pkcs7-mime;\r\n\tname=smime.p7m;\r\n\tsmime-type={type}',
  },
  iosMail: {
    ...STANDARD,
    fields: 'X-Mailer: iPhone Mail (21E236)\r\n',
    boundary: 'Apple-Mail-1F0E9D8C-7B6A-5948-3726-150403020100',
    pkcs7: 'application/pkcs7-mime;\r\n\tname=smime.p7m;\r\n\tsmime-type={type}',
  },
  thunderbird: {
    ...STANDARD,
    fields: 'User-Agent: Mozilla Thunderbird\r\nContent-Language: en-US\r\n',
    boundary: '------------ms030207080905010206040801',
    preamble: 'This is a cryptographically signed message in MIME format.\r\n\r\n',
    pkcs7: 'application/pkcs7-mime; name="smime.p7m"; smime-type={type}',
  },
  gmail: {
    ...STANDARD,
    fields: 'X-Gm-Message-State: AOJu0YxQ\r\nX-Google-Smtp-Source: AGHT+IE\r\n',
    boundary: '0000000000004c1f9a0613f2b6c1',
  },
  notes: {
    ...STANDARD,
    fields: 'X-Mailer: HCL Notes Release 12.0.2\r\n',
    boundary: '=_signed 003C1F5AC1258AF4_=',
    protocol: 'application/x-pkcs7-signature',
    micalg: 'sha256',
  },
  kmail: {
    ...STANDARD,
    fields: 'User-Agent: KMail/6.0.2\r\n',
    boundary: 'nextPart12345678.abcDEF',
    micalg: 'sha256',
  },
  mutt: {
    ...STANDARD,
    fields: 'User-Agent: Mutt/2.2.13\r\n',
    boundary: 'k+w/mQv8wyuph6w0',
    protocol: 'application/x-pkcs7-signature',
    micalg: 'sha1',
  },
} satisfies Record<string, Shape>;

/** A multipart/signed (RFC 8551 §3.5.3) as a program writes it. */
export function signedAs(
  { boundary, preamble, protocol, micalg }: Shape,
  entity: string,
  signature: Buffer,
  behind = '',
): string {
  const algorithm = micalg === null ? '' : ` micalg=${micalg};`;
  return (
    `MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol="${protocol}";${algorithm}\r\n boundary="${boundary}"\r\n\r\n` +
    `${preamble}--${boundary}\r\n${entity}\r\n--${boundary}\r\n` +
    `Content-Type: ${protocol}; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n` +
    `Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n${base64(signature)}\r\n--${boundary}--\r\n${behind}`
  );
}

/** A CMS object as a program writes it. */
export const pkcs7As = (
  { pkcs7 }: Shape,
  cms: Buffer,
  type: 'signed-data' | 'enveloped-data' | 'authEnveloped-data',
  width = 76,
): string =>
  `MIME-Version: 1.0\r\nContent-Type: ${pkcs7.replace('{type}', type)}\r\nContent-Transfer-Encoding: base64\r\n` +
  `Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n${base64(cms, width)}`;
