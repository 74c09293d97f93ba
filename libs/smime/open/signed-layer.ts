// SPDX-License-Identifier: Apache-2.0
import type { BerReader } from '../asn1/ber-reader.ts';
import { CONSTRUCTED } from '../asn1/ber-to-der.ts';
import { TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { owned, seen, type Chunks, type Waiting } from '../flow/flow.ts';
import { multipartSigned, type Around } from '../mime/multipart-signed.ts';
import { certificatesLayer } from './certificates-layer.ts';
import { micalgOf } from './digest-names.ts';
import type { LayerStream, OpenContext, SignedLayer } from './layers.ts';
import { readSignature, type SignedContent } from './read-signature.ts';
import {
  contentDigests,
  readSignedDataHead,
  readSignedDataTail,
  withoutContent,
  type SignedDataHead,
  type SignedDataTail,
} from './signed-data.ts';
import { UnopenableMessageError } from './unopenable.ts';

/**
 * An opaque SignedData (RFC 8551 §3.5.2): its content streams out and is hashed on its way; who signed is known at
 * its end.
 *
 * @throws UnopenableMessageError, BerError, DerError
 */
export function* signedLayer(reader: BerReader, context: OpenContext, depth: number): Waiting<LayerStream> {
  const head = yield* readSignedDataHead(reader);
  const { contentType, content } = head;
  if (content === null) return certificatesLayer(reader, head, depth);
  if (contentType !== OID.data || (content.tag & ~CONSTRUCTED) !== TAG.octetString) {
    throw new UnopenableMessageError('unsupported', depth, `signed content of type ${contentType}`);
  }
  const hashing = contentDigests(head.digests, context.legacy);
  let layer = signedLayerYet('opaque');
  let around: Around | null = null;
  return {
    content: (function* (): Chunks {
      yield* seen(owned(reader.octets(content)), hashing.update);
      const tail = yield* readSignedDataTail(reader, head, depth);
      layer = signed('opaque', tail, { contentType, digests: hashing.digests() }, context);
      around = detachedAround(layer, head, tail);
    })(),
    report: () => layer,
    detachedAround: () => around,
  };
}

/** Null where a reader of the detached form would look for other digests than were announced here. */
function detachedAround(
  { signatures }: SignedLayer,
  head: SignedDataHead,
  tail: SignedDataTail,
): Around | null {
  const digests = signatures.map(({ digest }) => digest).filter((digest) => digest !== null);
  const announced = digests.every((digest) => head.digests.includes(digest));
  if (signatures.length === 0 || digests.length < signatures.length || !announced) return null;
  return multipartSigned(withoutContent(head, tail), micalgOf(digests));
}

/** One whose content has not been read yet. */
export const signedLayerYet = (form: SignedLayer['form']): SignedLayer => ({
  kind: 'signed',
  form,
  signatures: [],
  certificates: [],
  crls: [],
  problems: [],
});

/** What is known of a SignedData once its content has been seen. */
export function signed(
  form: SignedLayer['form'],
  tail: SignedDataTail,
  content: Pick<SignedContent, 'contentType' | 'digests'>,
  { certificates, legacy }: OpenContext,
): SignedLayer {
  const against = { ...content, certificates: [...tail.certificates, ...certificates], legacy };
  return {
    kind: 'signed',
    form,
    signatures: tail.signerInfos.map((info) => readSignature(info, against)),
    certificates: tail.certificates,
    crls: tail.crls,
    problems: [...tail.problems, ...(tail.signerInfos.length === 0 ? (['no-signer'] as const) : [])],
  };
}
