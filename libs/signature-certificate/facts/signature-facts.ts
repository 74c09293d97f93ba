// SPDX-License-Identifier: Apache-2.0
import type { Certificate, CertificateFault, EncryptedLayer, Signature, Signer } from '@securemail/smime';
import { z } from 'zod';
import { Sha256 } from '@securemail/contracts';
import { CertificateFacts, certificateFacts } from './certificate-facts.ts';
import { bounded, text } from './text.ts';

/** What became of a certificate when it was judged; `made-here`: the organisation's or the sender's own. */
export const CertificateJudgement = z.enum([
  'made-here',
  'trusted',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-untrusted',
  'certificate-unsuitable',
  'not-judged',
] as const satisfies readonly ('made-here' | 'trusted' | 'not-judged' | CertificateFault)[]);
export type CertificateJudgement = z.infer<typeof CertificateJudgement>;

/** Whether the certificate was revoked, as known when the mail was received; `not-offered`: it names nobody to ask. */
export const Revocation = z.enum(['good', 'revoked', 'unknown', 'not-offered', 'not-asked']);
export type Revocation = z.infer<typeof Revocation>;

export const SignatureFacts = z.object({
  /** Such as `rsassa-pkcs1-v1_5-sha256`, or `ecdsa` where the digest is told apart. */
  algorithm: text(80),
  digest: text(40).nullable(),
  /** As the signer says. */
  signingTime: z.iso.datetime().nullable(),
  by: z.enum(['person', 'organisation', 'unknown']),
  /** The content is what the key of the certificate signed. */
  verified: z.boolean(),
  certificate: CertificateFacts.nullable(),
  judgement: CertificateJudgement,
  revocation: Revocation,
  /** Codes of `libs/smime`. */
  problems: z.array(text(60)).max(20),
});
export type SignatureFacts = z.infer<typeof SignatureFacts>;

export const EncryptionFacts = z.object({
  /** Such as `aes-256-cbc`. */
  contentEncryption: text(80),
  /** AEAD: nobody on the way changed anything. */
  authenticated: z.boolean().nullable(),
  /** Such as `rsaes-oaep`. */
  keyEncryption: text(120),
  /** Of the recipients that the reader may know. */
  certificates: z.array(Sha256).max(50),
  /** Of the same, in the same order; absent in certificates of earlier versions. */
  holders: z
    .array(z.object({ issuer: text(200), key: CertificateFacts.shape.key }))
    .max(50)
    .optional(),
  problems: z.array(text(60)).max(20),
});
export type EncryptionFacts = z.infer<typeof EncryptionFacts>;

/** A signature that was opened, and what the caller found out about its certificate. */
export const signatureFacts = (
  signature: Signature,
  judged: {
    by: SignatureFacts['by'];
    judgement: CertificateJudgement;
    revocation: Revocation;
  },
): SignatureFacts => ({
  algorithm: signature.algorithm,
  digest: signature.digest,
  signingTime: signature.signingTime === null ? null : isoOrNull(signature.signingTime),
  ...judged,
  verified: signature.verified,
  certificate: signature.certificate === null ? null : certificateFacts(signature.certificate),
  problems: [...signature.problems],
});

/** A time from a message may be one that no date can say. */
const isoOrNull = (time: Date) =>
  Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 || time.getUTCFullYear() < 0
    ? null
    : time.toISOString();

/** A signature that is about to be made with one of our keys, around the mail and this certificate. */
export const plannedSignatureFacts = (
  { certificate, algorithm }: Pick<Signer, 'certificate' | 'algorithm'>,
  { by, signingTime }: { by: 'person' | 'organisation'; signingTime: Date },
): SignatureFacts => ({
  algorithm,
  digest: null,
  signingTime: signingTime.toISOString(),
  by,
  verified: true,
  certificate: certificateFacts(certificate),
  judgement: 'made-here',
  revocation: 'not-asked',
  problems: [],
});

/** An encryption that was opened. Of its recipients only the one whose key opened it is known. */
export const encryptionFacts = (layer: EncryptedLayer): EncryptionFacts => ({
  contentEncryption: layer.contentEncryption,
  authenticated: layer.authenticated,
  keyEncryption: layer.keyEncryption,
  certificates: [layer.certificate.sha256],
  holders: [holderFacts(layer.certificate)],
  problems: [...layer.problems],
});

/** Not whose it is: others who read the mail need not know. */
const holderFacts = (certificate: Certificate) => {
  const { issuer, key } = certificateFacts(certificate);
  return { issuer: bounded(issuer, 200), key };
};

/** An encryption that is about to be made. */
export const plannedEncryptionFacts = (planned: {
  contentEncryption: string;
  keyEncryption: string;
  /** Those that every reader may know. */
  certificates: readonly Certificate[];
}): EncryptionFacts => ({
  contentEncryption: planned.contentEncryption,
  authenticated: planned.contentEncryption.endsWith('-gcm'),
  keyEncryption: planned.keyEncryption,
  certificates: planned.certificates.slice(0, 50).map(({ sha256 }) => sha256),
  holders: planned.certificates.slice(0, 50).map(holderFacts),
  problems: [],
});
