// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Certificate } from '../certificates/certificate.ts';
import {
  context,
  contextPrimitive,
  der,
  derHeader,
  NULL,
  octetString,
  oid,
  sequence,
  setOf,
  smallInteger,
  sorted,
  TAG,
  time,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { SignatureAlgorithm, Signer } from '../keys/signer.ts';

/** RFC 5754 §2: without parameters. */
const SHA256 = sequence(oid(OID.sha256));

/**
 * RFC 5754 §3.2 lets the plain key algorithm stand for RSA signatures, and every reader knows it; the parameters
 * of ECDSA are absent (§3.3).
 */
const SIGNATURE: Record<SignatureAlgorithm, Buffer> = {
  'rsassa-pkcs1-v1_5-sha256': sequence(oid(OID.rsaEncryption), NULL),
  'ecdsa-sha256': sequence(oid(OID.ecdsaWithSha256)),
};

/** What a reply to us may be encrypted with, best first (RFC 8551 §2.5.2). */
const CAPABILITIES = sequence(sequence(oid(OID.aes256Cbc)), sequence(oid(OID.aes128Cbc)));

/**
 * The SignedData of a content (RFC 5652 §5), cut where the content stands.
 *
 * @param encapsulated octets of the content inside, or null for a detached signature.
 * @returns what stands before the content and what stands behind it; in a detached one nothing is between.
 */
export async function signedData(
  sha256: Buffer,
  encapsulated: number | null,
  signer: Signer,
  signingTime: Date,
): Promise<{ before: Buffer; after: Buffer }> {
  const attributes = sorted([
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.signingTime, time(signingTime)),
    attribute(OID.messageDigest, octetString(sha256)),
    attribute(OID.smimeCapabilities, CAPABILITIES),
    attribute(OID.signingCertificateV2, signingCertificate(signer.certificate)),
  ]);
  // Signed as a SET OF, carried as [0] IMPLICIT (RFC 5652 §5.4).
  const signature = await signer.sign(der(TAG.set, ...attributes));
  const signerInfo = sequence(
    smallInteger(1),
    issuerAndSerialNumber(signer.certificate),
    SHA256,
    der(context(0), ...attributes),
    SIGNATURE[signer.algorithm],
    octetString(signature),
  );
  const certificates = new Map([signer.certificate, ...signer.chain].map((each) => [each.sha256, each.der]));
  const after = Buffer.concat([der(context(0), ...sorted([...certificates.values()])), setOf(signerInfo)]);
  const head = Buffer.concat([smallInteger(1), setOf(SHA256)]);
  return wrap(head, after, encapsulated);
}

/** Writes the headers of everything that is around the content, from the inside out. */
function wrap(head: Buffer, after: Buffer, encapsulated: number | null): { before: Buffer; after: Buffer } {
  const type = oid(OID.data);
  const inner = encapsulated === null ? 0 : encapsulated;
  const octets = encapsulated === null ? Buffer.alloc(0) : derHeader(TAG.octetString, inner);
  const explicit = encapsulated === null ? Buffer.alloc(0) : derHeader(context(0), octets.length + inner);
  const contentInfo = type.length + explicit.length + octets.length + inner;
  const contentHeader = derHeader(TAG.sequence, contentInfo);
  const body = head.length + contentHeader.length + contentInfo + after.length;
  const bodyHeader = derHeader(TAG.sequence, body);
  const outerType = oid(OID.signedData);
  const outerExplicit = derHeader(context(0), bodyHeader.length + body);
  const outer = outerType.length + outerExplicit.length + bodyHeader.length + body;
  return {
    before: Buffer.concat([
      derHeader(TAG.sequence, outer),
      outerType,
      outerExplicit,
      bodyHeader,
      head,
      contentHeader,
      type,
      explicit,
      octets,
    ]),
    after,
  };
}

const attribute = (type: string, value: Buffer) => sequence(oid(type), setOf(value));

/** RFC 5652 §10.2.4. */
export const issuerAndSerialNumber = ({ issuer, serial }: Certificate) => sequence(issuer, serial);

/** ESSCertIDv2 with its default hash, SHA-256 (RFC 5035 §4): the signature is bound to this very certificate. */
function signingCertificate({ der: bytes, issuer, serial }: Certificate): Buffer {
  const hash = createHash('sha256').update(bytes).digest();
  const issuerSerial = sequence(sequence(der(contextPrimitive(4) | 0x20, issuer)), serial);
  return sequence(sequence(sequence(octetString(hash), issuerSerial)));
}
