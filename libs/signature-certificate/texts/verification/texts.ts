// SPDX-License-Identifier: Apache-2.0
import type { About, CertificateProblem, FileProblem, UnverifiableCode } from '../../verify/finding.ts';

/** What `securemail verify` says. */
export interface VerificationTexts {
  /** `%s` what it says, in its own words; `%d` whose word that is: a domain. Of a mail it names at once what is not covered. */
  holds: Record<'mail' | 'pdf', string>;
  /** The same where what it says is nothing good: no word that could be taken for a verdict on the mail. */
  genuine: Record<'mail' | 'pdf', string>;
  problem: Record<FileProblem, string>;
  about: Record<About, string>;
  /** Of this mail, but further in. */
  further: string;
  /** `%d` the domain of the organisation that it names. */
  of: string;
  certificate: Record<'holds' | 'doesNotHold', string>;
  problems: Record<CertificateProblem, string>;
  unverifiable: Record<UnverifiableCode, string>;
  /** `%s` subject, `%i` issuer, `%f` fingerprint. */
  signedBy: string;
  /** What a program found out about the certificate of who signed it, which is in English. */
  detail: string;
  /** What was found, where there is no problem. */
  found: Record<'signer' | 'document' | 'mail', string>;
  /** What it says, in words of the signed facts and not of the document. */
  says: string;
  /** What cannot be told. */
  limits: Record<'revocation' | 'subject' | 'alone' | 'anchors' | 'outermost', string>;
}
