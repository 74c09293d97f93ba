// SPDX-License-Identifier: Apache-2.0
import { writeCapabilities, type Capability } from '../algorithms/capabilities.ts';
import { DIGESTS } from '../algorithms/digests.ts';
import { SIGNATURES } from '../algorithms/signatures.ts';
import { remembered } from '../certificates/remembered.ts';
import {
  context,
  contextPrimitive,
  der,
  derHeader,
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
import type { Signer } from '../keys/signer.ts';
import { issuerAndSerialNumber } from './recipient-identifier.ts';

const ID = {
  data: oid(OID.data),
  signedData: oid(OID.signedData),
  contentType: oid(OID.contentType),
  signingTime: oid(OID.signingTime),
  messageDigest: oid(OID.messageDigest),
  smimeCapabilities: oid(OID.smimeCapabilities),
  signingCertificateV2: oid(OID.signingCertificateV2),
};
const NOTHING = Buffer.alloc(0);

/** What the signed attributes say (RFC 5652 §11), besides the content type and the signer's certificate. */
export interface SignedAttributes {
  /** Of the content, with the digest of the signer's algorithm. */
  messageDigest: Buffer;
  signingTime: Date;
  capabilities: readonly Capability[];
}

/**
 * The SignedData of a content (RFC 5652 §5), cut where the content stands.
 *
 * @param encapsulated octets of the content inside, or null for a detached signature.
 * @returns what stands before the content and what stands behind it; in a detached one nothing is between.
 */
export async function signedData(
  { messageDigest, signingTime, capabilities }: SignedAttributes,
  encapsulated: number | null,
  signer: Signer,
): Promise<{ before: Buffer; after: Buffer }> {
  const { digest, identifier } = SIGNATURES[signer.algorithm];
  const digestAlgorithm = DIGESTS[digest].identifier;
  const attributes = sorted([
    attribute(ID.contentType, ID.data),
    attribute(ID.signingTime, time(signingTime)),
    attribute(ID.messageDigest, octetString(messageDigest)),
    ...(capabilities.length > 0 ? [attribute(ID.smimeCapabilities, writeCapabilities(capabilities))] : []),
    signingCertificate(signer.certificate),
  ]);
  // Signed as a SET OF, carried as [0] IMPLICIT (RFC 5652 §5.4).
  const signature = await signer.sign(der(TAG.set, ...attributes));
  const signerInfo = sequence(
    smallInteger(1),
    issuerAndSerialNumber(signer.certificate),
    digestAlgorithm,
    der(context(0), ...attributes),
    identifier,
    octetString(signature),
  );
  const certificates = new Map([signer.certificate, ...signer.chain].map((each) => [each.sha256, each.der]));
  const after = Buffer.concat([der(context(0), ...sorted([...certificates.values()])), setOf(signerInfo)]);
  const head = Buffer.concat([smallInteger(1), setOf(digestAlgorithm)]);
  return wrap(head, after, encapsulated);
}

/** Writes the headers of everything that is around the content, from the inside out. */
function wrap(head: Buffer, after: Buffer, encapsulated: number | null): { before: Buffer; after: Buffer } {
  const type = ID.data;
  const inner = encapsulated === null ? 0 : encapsulated;
  const octets = encapsulated === null ? NOTHING : derHeader(TAG.octetString, inner);
  const explicit = encapsulated === null ? NOTHING : derHeader(context(0), octets.length + inner);
  const contentInfo = type.length + explicit.length + octets.length + inner;
  const contentHeader = derHeader(TAG.sequence, contentInfo);
  const body = head.length + contentHeader.length + contentInfo + after.length;
  const bodyHeader = derHeader(TAG.sequence, body);
  const outerType = ID.signedData;
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

const attribute = (type: Buffer, value: Buffer) => sequence(type, setOf(value));

/** ESSCertIDv2 with its default hash, SHA-256 (RFC 5035 §4): the signature is bound to this very certificate. */
const signingCertificate = remembered(({ sha256, issuer, serial }) => {
  const issuerSerial = sequence(sequence(der(contextPrimitive(4) | 0x20, issuer)), serial);
  const id = sequence(octetString(Buffer.from(sha256, 'hex')), issuerSerial);
  return attribute(ID.signingCertificateV2, sequence(sequence(id)));
});
