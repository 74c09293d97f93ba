// SPDX-License-Identifier: Apache-2.0
import type { Language, Sha256 } from '@securemail/contracts';
import type { Signer } from '@securemail/smime';
import { SignatureCertificateFacts } from './facts/facts.ts';
import { filenameFor } from './facts/filename.ts';
import { fitted } from './facts/fitted.ts';
import { digestAround } from './pdf/digest-around.ts';
import { renderPdf } from './pdf/render-pdf.ts';
import type { Payload } from './sign/payload.ts';
import { unsignedJws } from './sign/sign-jws.ts';
import { describe } from './words/describe.ts';

/** The attachment: to be put into the mail by `attachSignatureCertificate`. */
export interface SignatureCertificate {
  /** In the language of the reader, with the domain of the organisation. */
  readonly filename: string;
  readonly pdf: Buffer;
}

/** Of the file in the PDF that holds the signed facts. */
const JWS_NAME = 'signature-certificate.jws';
/** Something of the length of a digest. */
const NO_DIGEST = '0'.repeat(64) as Sha256;
/** In no JWS, and in nothing that pdfkit writes, so often. */
const PLACEHOLDER = '.';

/**
 * Makes a Signature certificate: the PDF, in it the facts as JSON, signed.
 *
 * The PDF is rendered with a gap as long as the JWS will be, the octets around the gap are hashed, the hash is signed with
 * the facts, and the gap is filled, as a signature of PDF itself is made: so text and signed facts cannot be told apart.
 *
 * @param signer of the organisation: any key that signs mail.
 * @param facts lists and texts in it that are too long are cut off.
 * @throws ZodError where the facts are none; what the signer throws, KeyUnavailableError among it.
 */
export async function makeSignatureCertificate({
  facts,
  language,
  signer,
}: {
  facts: SignatureCertificateFacts;
  language: Language;
  signer: Signer;
}): Promise<SignatureCertificate> {
  const checked = SignatureCertificateFacts.parse(fitted(facts));
  const payload: Payload = { facts: checked, language, pdfSha256: NO_DIGEST };
  const { length } = unsignedJws(payload, signer);
  const gap = Buffer.alloc(length, PLACEHOLDER);
  const pdf = await renderPdf(describe(checked, language), {
    language,
    madeAt: new Date(checked.madeAt),
    attached: { name: JWS_NAME, mediaType: 'application/jose', bytes: gap },
  });
  const at = pdf.indexOf(gap);
  if (at < 0 || pdf.indexOf(gap, at + 1) >= 0) throw new Error('the PDF has no single gap for the JWS');
  const jws = await unsignedJws({ ...payload, pdfSha256: digestAround(pdf, at, length) }, signer).sign();
  if (jws.length !== length) throw new Error('the JWS does not fill its gap');
  pdf.write(jws, at, 'ascii');
  return { filename: filenameFor(language, checked.organisation.domain), pdf };
}
