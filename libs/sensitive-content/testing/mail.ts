// SPDX-License-Identifier: Apache-2.0

/** A part of a mail that is made by hand, so that it can be wrong. */
export interface TestPart {
  type: string;
  body: string | Uint8Array;
  /** Further fields, each as a whole line. */
  fields?: readonly string[];
}

export interface TestMail {
  /** As it stands in the header. */
  subject?: string;
  parts: readonly TestPart[];
}

const CRLF = '\r\n';

/** A raw mail; one part is its body, several are a multipart/mixed. Bodies are base64, but for those with an encoding. */
export function mailOf({ subject = 'Hej', parts }: TestMail): Buffer {
  const [only, ...more] = parts;
  const header = ['From: a@a.example', 'To: b@b.example', `Subject: ${subject}`, 'MIME-Version: 1.0'];
  if (only !== undefined && more.length === 0) return Buffer.concat([lines(header), entity(only)]);
  return Buffer.concat([lines(header), multipart('mixed', parts)]);
}

/** A multipart entity of any subtype, to be the body of a mail or of another. */
export function multipart(subtype: string, parts: readonly TestPart[], boundary = `=_${subtype}`): Buffer {
  return Buffer.concat([
    lines([`Content-Type: multipart/${subtype}; boundary="${boundary}"`, '']),
    ...parts.flatMap((part) => [lines([`--${boundary}`]), entity(part), lines([''])]),
    lines([`--${boundary}--`]),
  ]);
}

function entity({ type, body, fields = [] }: TestPart): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const given = fields.some((field) => /^content-transfer-encoding:/iu.test(field));
  const encoded = given
    ? bytes
    : Buffer.from(Buffer.from(bytes).toString('base64').replace(/.{76}/gu, `$&${CRLF}`));
  const encoding = given ? [] : ['Content-Transfer-Encoding: base64'];
  return Buffer.concat([lines([`Content-Type: ${type}`, ...encoding, ...fields, '']), encoded]);
}

const lines = (each: readonly string[]) => Buffer.from(each.map((line) => line + CRLF).join(''));

/** An attachment, named for nothing, so that only its octets tell what it is. */
export const attached = (body: string | Uint8Array, name = 'fil'): TestPart => ({
  type: 'application/octet-stream',
  body,
  fields: [`Content-Disposition: attachment; filename="${name}"`],
});

export const plain = (body: string): TestPart => ({ type: 'text/plain; charset=utf-8', body });
export const html = (body: string): TestPart => ({ type: 'text/html; charset=utf-8', body });
