// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { headerOf, type Header } from '@securemail/mime';
import type { SignatureCertificate } from '../make.ts';
import { splitMessage } from './split-message.ts';

/** RFC 2045 §6.8. */
const BASE64_LINE = 76;

/**
 * Puts a certificate into a message: what was the message becomes the first part of a multipart/mixed, octet by octet,
 * the PDF the second. All other header fields stay as they are. It streams, and gives the same octets each time.
 *
 * @param message whose entity has the digest in the facts of the certificate: see `digestOfEntity`.
 * @returns a stream, to be read once; it fails with MalformedMessageError as `readHeader` does, or as the source does.
 */
export const attachSignatureCertificate = (
  message: AsyncIterable<Uint8Array>,
  certificate: SignatureCertificate,
): Readable => Readable.from(wrapped(message, certificate), { objectMode: false });

async function* wrapped(
  message: AsyncIterable<Uint8Array>,
  certificate: SignatureCertificate,
): AsyncGenerator<Buffer, void, void> {
  const { outer, inner, body } = await splitMessage(message);
  const boundary = boundaryOf(certificate);
  yield outerHeader(outer, inner, boundary).toBuffer();
  yield Buffer.from(`--${boundary}\r\n`);
  yield inner.toBuffer();
  yield* body;
  yield Buffer.from(certificatePart(certificate, boundary), 'latin1');
}

/**
 * From the digest of the PDF, in which is a signature over the digest of the content: a content that has it in cannot be
 * made, and each reading gives the same. With `=_` it is in no quoted-printable and no base64 (RFC 2045 §6.7).
 */
const boundaryOf = ({ pdf }: SignatureCertificate) =>
  `=_${createHash('sha256').update(pdf).digest('base64url').slice(0, 40)}`;

function outerHeader(outer: Header, inner: Header, boundary: string): Header {
  const encoding = inner.get('Content-Transfer-Encoding')?.trim().toLowerCase() ?? '';
  const field = (name: string, value: string) => ({
    name,
    raw: Buffer.from(`${name}: ${value}\r\n`, 'latin1'),
  });
  return headerOf([
    ...outer.fields,
    field('MIME-Version', '1.0'),
    field('Content-Type', `multipart/mixed; boundary="${boundary}"`),
    // What holds 8-bit data says so itself (RFC 2045 §6.4).
    ...(encoding === '8bit' || encoding === 'binary' ? [field('Content-Transfer-Encoding', encoding)] : []),
  ]);
}

/** The names are ASCII in every language, so they need no RFC 2231. */
function certificatePart({ filename, pdf }: SignatureCertificate, boundary: string): string {
  const base64 = pdf.toString('base64').replace(new RegExp(`.{${BASE64_LINE}}`, 'g'), '$&\r\n');
  return [
    '',
    `--${boundary}`,
    `Content-Type: application/pdf; name="${filename}"`,
    `Content-Disposition: attachment; filename="${filename}"`,
    'Content-Transfer-Encoding: base64',
    '',
    base64.endsWith('\r\n') ? base64.slice(0, -'\r\n'.length) : base64,
    `--${boundary}--`,
    '',
  ].join('\r\n');
}
