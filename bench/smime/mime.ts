// SPDX-License-Identifier: Apache-2.0

/**
 * What peers without MIME need around their CMS objects, done as cheaply as it goes: base64 without line ends, which is
 * less than a mail wants, and less work than ours does.
 */

const BOUNDARY = 'a-boundary-that-is-nowhere-in-the-content';
const BEFORE = Buffer.from(
  'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256;\r\n' +
    ` boundary="${BOUNDARY}"\r\n\r\n--${BOUNDARY}\r\n`,
);
const BETWEEN = Buffer.from(
  `\r\n--${BOUNDARY}\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
);
const AFTER = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
const ENVELOPED = Buffer.from(
  'Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n',
);
const EMPTY_LINE = '\r\n\r\n';

export const multipartSigned = (content: Buffer, signature: Buffer): Buffer =>
  Buffer.concat([BEFORE, content, BETWEEN, base64(signature), AFTER]);

export const enveloped = (cms: Buffer): Buffer => Buffer.concat([ENVELOPED, base64(cms)]);

const base64 = (bytes: Buffer) => Buffer.from(bytes.toString('base64'), 'latin1');

/** The CMS object in a message. */
export const cmsIn = (message: Buffer): Buffer =>
  Buffer.from(message.toString('latin1', message.indexOf(EMPTY_LINE)), 'base64');

/** The content of a multipart/signed entity and its signature. */
export function partsOf(entity: Buffer): { content: Buffer; signature: Buffer } {
  const header = entity.toString('latin1', 0, entity.indexOf(EMPTY_LINE));
  const delimiter = `\r\n--${/boundary="([^"]+)"/.exec(header)?.[1] ?? ''}`;
  const first = entity.indexOf(delimiter) + delimiter.length + '\r\n'.length;
  const end = entity.lastIndexOf(`${delimiter}--`);
  const second = entity.lastIndexOf(delimiter, end - 1);
  const last = entity.subarray(second, end);
  return { content: entity.subarray(first, second), signature: cmsIn(last) };
}
