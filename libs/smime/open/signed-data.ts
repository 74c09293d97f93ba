// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import type { BerHeader, BerReader } from '../asn1/ber-reader.ts';
import { children, context, der, oid, readOid, sequence, TAG, type DerValue } from '../asn1/der.ts';
import { readAlgorithm } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { knownCertificate } from '../certificates/known-certificate.ts';
import { UnreadableCertificateError } from '../errors.ts';
import type { Waiting } from '../flow/flow.ts';
import { digestName, isWeak, type ReadDigest } from './digest-names.ts';
import type { LayerProblem, Legacy } from './layers.ts';
import { UnopenableMessageError } from './unopenable.ts';

/** A SignedData (RFC 5652 §5.1) up to its content. */
export interface SignedDataHead {
  /** Those that are known here. */
  readonly digests: readonly ReadDigest[];
  /** Object identifier of the eContentType. */
  readonly contentType: string;
  /** Of the eContent, an OCTET STRING; null where the signature is detached. */
  readonly content: BerHeader | null;
  /** Version and digest algorithms, in DER. */
  readonly start: readonly Buffer[];
}

/** What stands behind the content. */
export interface SignedDataTail {
  readonly certificates: readonly Certificate[];
  /** DER. */
  readonly crls: readonly Buffer[];
  readonly signerInfos: readonly DerValue[];
  readonly problems: readonly LayerProblem[];
  /** All of it, in DER. */
  readonly end: readonly Buffer[];
}

/** Each costs a verification. */
const MAX_SIGNERS = 32;

/** Leaves the reader where the content is to be taken, or in its place. @throws BerError, DerError */
export function* readSignedDataHead(reader: BerReader): Waiting<SignedDataHead> {
  reader.enter(yield* reader.expect(TAG.sequence, 'the signed data'));
  const version = yield* reader.value(yield* reader.expect(TAG.integer, 'the version'));
  const algorithms = yield* reader.value(yield* reader.expect(TAG.set, 'the digest algorithms'));
  const digests = children(algorithms)
    .map((value) => digestName(readAlgorithm(value).id))
    .filter((name) => name !== null);
  reader.enter(yield* reader.expect(TAG.sequence, 'the content'));
  const contentType = readOid(yield* reader.value(yield* reader.expect(TAG.oid, 'the content type')));
  const head = { digests, contentType, start: [version.bytes, algorithms.bytes] };
  const explicit = yield* reader.next();
  if (explicit === null) return { ...head, content: null };
  reader.enter(explicit);
  return { ...head, content: yield* reader.next() };
}

/** Reads on behind the content. @throws BerError, DerError, UnopenableMessageError */
export function* readSignedDataTail(
  reader: BerReader,
  { content }: SignedDataHead,
  depth: number,
): Waiting<SignedDataTail> {
  if (content !== null) yield* reader.leave();
  yield* reader.leave();
  const end: Buffer[] = [];
  let certificates: readonly DerValue[] = [];
  let header = yield* reader.next();
  if (header?.tag === context(0)) {
    const value = yield* reader.value(header);
    end.push(value.bytes);
    certificates = children(value);
    header = yield* reader.next();
  }
  let crls: readonly Buffer[] = [];
  if (header?.tag === context(1)) {
    const value = yield* reader.value(header);
    end.push(value.bytes);
    crls = certificateLists(children(value));
    header = yield* reader.next();
  }
  if (header?.tag !== TAG.set) throw new UnopenableMessageError('malformed-cms', depth, 'no SignerInfos');
  const signers = yield* reader.value(header);
  end.push(signers.bytes);
  const signerInfos = children(signers);
  if (signerInfos.length > MAX_SIGNERS) throw new UnopenableMessageError('over-limit', depth, 'SignerInfos');
  yield* reader.leave();
  return { ...readable(certificates), crls, signerInfos, end };
}

/**
 * The same as a detached signature, in DER: what was signed is not the content's place but its octets (RFC 5652 §5.2), so
 * it holds as before.
 */
export const withoutContent = ({ contentType, start }: SignedDataHead, { end }: SignedDataTail): Buffer =>
  sequence(oid(OID.signedData), der(context(0), sequence(...start, sequence(oid(contentType)), ...end)));

/** Other revocation information (RFC 5652 §10.2.1) has a tag of its own. */
const certificateLists = (values: readonly DerValue[]) =>
  values.filter(({ tag }) => tag === TAG.sequence).map(({ bytes }) => bytes);

/** Attribute certificates and the like are passed over. One certificate that is damaged spoils no other. */
function readable(values: readonly DerValue[]): Pick<SignedDataTail, 'certificates' | 'problems'> {
  const certificates: Certificate[] = [];
  let unreadable = false;
  for (const { tag, bytes } of values) {
    if (tag !== TAG.sequence) continue;
    try {
      certificates.push(knownCertificate(bytes));
    } catch (error) {
      if (!(error instanceof UnreadableCertificateError)) throw error;
      unreadable = true;
    }
  }
  return { certificates, problems: unreadable ? ['certificate-unreadable'] : [] };
}

/** Hashes content with each of the digests that count, as it passes by. */
export function contentDigests(names: readonly ReadDigest[], legacy: ReadonlySet<Legacy>) {
  const counting = [...new Set(names)].filter((name) => !isWeak(name) || legacy.has(name));
  const hashes = new Map<ReadDigest, Hash>(counting.map((name) => [name, createHash(name)]));
  return {
    update: (chunk: Buffer) => {
      for (const hash of hashes.values()) hash.update(chunk);
    },
    digests: (): ReadonlyMap<ReadDigest, Buffer> =>
      new Map([...hashes].map(([name, hash]) => [name, hash.digest()])),
  };
}
