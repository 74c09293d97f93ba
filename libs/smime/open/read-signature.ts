// SPDX-License-Identifier: Apache-2.0
import { children, context, der, DerError, sorted, TAG, type DerValue } from '../asn1/der.ts';
import { fieldsOf, readAlgorithm, type AlgorithmIdentifier } from '../asn1/fields.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { nameIn, namesOf, type CertificateName } from './certificate-name.ts';
import { digestName, isWeak, type ReadDigest } from './digest-names.ts';
import type { Legacy, Signature, SignatureProblem } from './layers.ts';
import { signatureVerification, type SignatureVerification } from './signature-algorithm.ts';
import { readAttributes, type ReadAttributes } from './signed-attributes.ts';
import { signerProblems } from './signer-problems.ts';

/** What a signature is checked against. */
export interface SignedContent {
  /** Object identifier. */
  readonly contentType: string;
  readonly digests: ReadonlyMap<ReadDigest, Buffer>;
  readonly certificates: readonly Certificate[];
  readonly legacy: ReadonlySet<Legacy>;
}

interface SignerInfo {
  readonly signer: CertificateName;
  readonly digest: ReadDigest | null;
  /** `[0] IMPLICIT SET OF Attribute`; null where absent. */
  readonly attributes: DerValue | null;
  readonly algorithm: AlgorithmIdentifier;
  readonly verification: SignatureVerification | null;
  readonly signature: Buffer;
}

/** Several certificates of one name and number are one person's, or an attempt. */
const MAX_CERTIFICATES = 4;

/** Checks one SignerInfo (RFC 5652 §5.3, §5.6). Never throws: what is wrong with it is told. */
export function readSignature(value: DerValue, content: SignedContent): Signature {
  const info = signerInfo(value);
  if (info === null) return unreadable;
  const certificates = content.certificates
    .filter((certificate) => namesOf(certificate).includes(info.signer))
    .slice(0, MAX_CERTIFICATES);
  const results = (certificates.length === 0 ? [null] : certificates).map((certificate) =>
    check(info, certificate, content),
  );
  return results.find(({ verified }) => verified) ?? results[0] ?? unreadable;
}

const unreadable: Signature = {
  verified: false,
  certificate: null,
  digest: null,
  algorithm: 'unknown',
  signingTime: null,
  capabilities: null,
  encryptionCertificate: null,
  problems: ['signer-info-malformed'],
};

function signerInfo(value: DerValue): SignerInfo | null {
  try {
    const fields = fieldsOf(value);
    fields.take(TAG.integer);
    const signer = nameIn(fields.take());
    const digest = digestName(readAlgorithm(fields.take()).id);
    const attributes = fields.optional(context(0));
    const algorithm = readAlgorithm(fields.take());
    const signature = fields.take(TAG.octetString).content;
    fields.optional(context(1));
    fields.end();
    const verification = signatureVerification(algorithm);
    return { signer, digest, attributes, algorithm, verification, signature };
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function check(info: SignerInfo, certificate: Certificate | null, content: SignedContent): Signature {
  const { digest, verification } = info;
  const attributes = info.attributes === null ? 'signed-attributes-missing' : readAttributes(info.attributes);
  const problems: SignatureProblem[] = [
    ...algorithmProblems(info),
    ...(typeof attributes === 'string' ? [attributes] : contentProblems(attributes, digest, content)),
    ...(certificate === null
      ? (['certificate-missing'] as const)
      : signerProblems(certificate, verification)),
  ];
  if (certificate !== null && typeof attributes !== 'string' && !attributes.names(certificate)) {
    problems.push('other-signing-certificate');
  }
  const counts = problems.every((problem) => isExcused(problem, certificate, digest, content.legacy));
  const verified = counts && certificate !== null && signedBy(certificate, info);
  if (counts && !verified) problems.push('signature-wrong');
  const said = verified && typeof attributes !== 'string' ? attributes : null;
  return {
    verified,
    certificate,
    digest,
    algorithm: verification?.name ?? info.algorithm.id,
    signingTime: typeof attributes === 'string' ? null : attributes.signingTime,
    capabilities: said?.capabilities ?? null,
    encryptionCertificate: certificateNamed(said?.encryptionKey ?? null, content),
    problems,
  };
}

const certificateNamed = (
  name: CertificateName | null,
  { certificates }: SignedContent,
): Certificate | null =>
  name === null ? null : (certificates.find((each) => namesOf(each).includes(name)) ?? null);

function algorithmProblems({ digest, verification }: SignerInfo): SignatureProblem[] {
  if (digest === null) return ['digest-unknown'];
  if (verification === null) return ['algorithm-unknown'];
  const disagree = verification.digest !== null && verification.digest !== digest;
  return [
    ...(isWeak(digest) ? (['weak-digest'] as const) : []),
    ...(disagree ? (['algorithms-disagree'] as const) : []),
  ];
}

function contentProblems(
  attributes: ReadAttributes,
  digest: ReadDigest | null,
  { contentType, digests, legacy }: SignedContent,
): SignatureProblem[] {
  if (attributes.contentType !== contentType) return ['other-content-type'];
  if (digest === null || (isWeak(digest) && !legacy.has(digest))) return [];
  const actual = digests.get(digest);
  if (actual === undefined) return ['digest-not-announced'];
  return actual.equals(attributes.messageDigest) ? [] : ['content-changed'];
}

const MIN_LEGACY_RSA_BITS = 1024;

/** Weakness that the caller said he accepts. */
function isExcused(
  problem: SignatureProblem,
  certificate: Certificate | null,
  digest: ReadDigest | null,
  legacy: ReadonlySet<Legacy>,
): boolean {
  if (problem === 'weak-digest') return digest !== null && isWeak(digest) && legacy.has(digest);
  if (problem !== 'weak-key') return false;
  return legacy.has('rsa-1024') && (certificate?.key.bits ?? 0) >= MIN_LEGACY_RSA_BITS;
}

/**
 * Signed as a SET OF (RFC 5652 §5.4): in the order of DER, as it should be, or in the order they are sent in, as some
 * programs do.
 */
function signedBy(
  { x509 }: Certificate,
  { verification, digest, attributes, signature }: SignerInfo,
): boolean {
  if (verification === null || digest === null || attributes === null) return false;
  const verifies = (bytes: Buffer) => verification.verifies(x509.publicKey, digest, bytes, signature);
  const asSent = der(TAG.set, attributes.content);
  const inOrder = der(TAG.set, ...sorted(children(attributes).map(({ bytes }) => bytes)));
  return verifies(inOrder) || (!inOrder.equals(asSent) && verifies(asSent));
}
