// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { receivedFacts } from '../testing/facts.ts';
import { organisation } from '../testing/organisation.ts';
import { makeSignatureCertificate } from '../make.ts';
import { carriesSignatureCertificate } from './carries-certificate.ts';

const mail = (...parts: readonly { fields: string; body: string | Buffer }[]) =>
  `From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${parts
    .map(
      ({ fields, body }) =>
        `--x\r\n${fields}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`,
    )
    .join('')}--x--\r\n`;
const carries = (text: string) => carriesSignatureCertificate(Readable.from([Buffer.from(text)]));

describe('a mail brings a Signature certificate', () => {
  it.each([
    ['by its name', 'Content-Type: application/pdf; name="Signature certificate.pdf"'],
    ['by its name, as a page', 'Content-Type: text/html; name="Signature certificate demo.example.html"'],
    [
      'by its name, as an archive',
      'Content-Type: application/zip; name="Signature certificate demo.example.zip"',
    ],
    [
      'by its name, as a program',
      'Content-Type: application/x-msdownload; name="Signature certificate.pdf.exe"',
    ],
    [
      'by a name in letters that look like it',
      "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''Signatur%D0%B5%20certificate.pdf",
    ],
    ['by a name in Danish', 'Content-Type: application/pdf; name="signaturcertifikat (1).PDF"'],
    [
      'by an encoded name, whatever its type',
      "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''Signaturzertifikat%20x%2Epdf",
    ],
    [
      'by a name in encoded words',
      'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="=?utf-8?Q?Signature=5Fcertificate=2Epdf?="',
    ],
  ])('%s', async (_, fields) => {
    expect(
      await carries(mail({ fields: 'Content-Type: text/plain', body: 'x' }, { fields, body: '%PDF-' })),
    ).toBe(true);
  });

  it('by what is in it, whatever its name', async () => {
    const { pdf } = await makeSignatureCertificate({
      facts: receivedFacts(),
      language: 'en',
      signer: organisation().signer,
    });
    const fields = 'Content-Type: application/pdf; name=invoice.pdf';
    expect(await carries(mail({ fields, body: pdf }))).toBe(true);
    expect(await carries(mail({ fields, body: '%PDF-1.7' }))).toBe(false);
  });

  it('perhaps, where it cannot be looked through', async () => {
    expect(await carries(`X: ${'y'.repeat(4 * 1024 * 1024)}\r\n\r\nx`)).toBe(true);
  });

  it('not by text that speaks of one', async () => {
    expect(await carries('Subject: Signature certificate.pdf\r\n\r\nSignature certificate.pdf\r\n')).toBe(
      false,
    );
  });
});
