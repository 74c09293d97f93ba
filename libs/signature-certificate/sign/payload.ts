// SPDX-License-Identifier: Apache-2.0
import { Language, Sha256 } from '@securemail/contracts';
import { z } from 'zod';
import { SignatureCertificateFacts } from '../facts/facts.ts';

/** What the JWS signs: the facts, and the document that shows them. */
export const Payload = z.object({
  facts: SignatureCertificateFacts,
  /** What the document is written in. */
  language: Language,
  /** Of the octets of the PDF file before and behind the JWS in it. */
  pdfSha256: Sha256,
});
export type Payload = z.infer<typeof Payload>;

/** `typ` of the JWS (RFC 7515 §4.1.9): nothing else that this key signs is taken for a certificate. */
export const TYPE = 'securemail-signature-certificate+jws';

/** Certificates in a JWS, that of the signer first. No path to an authority is longer in practice. */
export const MOST_CERTIFICATES = 10;
