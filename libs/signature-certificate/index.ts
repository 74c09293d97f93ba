// SPDX-License-Identifier: Apache-2.0
export { attachSignatureCertificate } from './attach/attach.ts';
export { digestOfEntity } from './attach/digest-of-entity.ts';
export { CertificateFacts, certificateFacts } from './facts/certificate-facts.ts';
export {
  MOST_AUTHORS,
  SignatureCertificateFacts,
  type Authentication,
  type EntityDigest,
  type Leg,
  type LegProtection,
  type Station,
  type Summary,
} from './facts/facts.ts';
export { legProtection } from './facts/leg-protection.ts';
export {
  encryptionFacts,
  plannedEncryptionFacts,
  plannedSignatureFacts,
  signatureFacts,
  type CertificateJudgement,
  type EncryptionFacts,
  type Revocation,
  type SignatureFacts,
} from './facts/signature-facts.ts';
export { unopenedFacts, type UnopenedFacts } from './facts/unopened-facts.ts';
export { makeSignatureCertificate, type SignatureCertificate } from './make.ts';
export type { Reservation } from './texts/reservation.ts';
export type { Description, Row, Statement, Table, Tone } from './words/description.ts';
export { describe } from './words/describe.ts';
export { unopenedWords, type UnopenedWords } from './words/unopened.ts';
export type {
  About,
  CertificateFinding,
  CertificateProblem,
  FileProblem,
  UnverifiableCode,
  Verification,
} from './verify/finding.ts';
export { UnverifiableError } from './verify/finding.ts';
export { carriesSignatureCertificate } from './verify/carries-certificate.ts';
export { verifySignatureCertificate, type Verifying } from './verify/verify.ts';
export { unverifiableText, verificationText } from './words/verification-words.ts';
