// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import { BerError } from '../asn1/ber-error.ts';
import { BerReader, MAX_HELD } from '../asn1/ber-reader.ts';
import { ByteQueue } from '../asn1/byte-queue.ts';
import { context as contextTag, DerError, readOid, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { only, seen, taken, type Chunks, type Waiting } from '../flow/flow.ts';
import { cmsOctets } from '../mime/cms-octets.ts';
import { takeEntityHeader } from '../mime/entity-header.ts';
import { AmbiguousBoundaryError, untilDelimiter, type PartEnd } from '../mime/multipart.ts';
import { digestsOfMicalg, type ReadDigest } from './digest-names.ts';
import type { LayerProblem, LayerStream, OpenContext, SignedLayer } from './layers.ts';
import {
  contentDigests,
  readSignedDataHead,
  readSignedDataTail,
  type SignedDataTail,
} from './signed-data.ts';
import { signed, signedLayerYet } from './signed-layer.ts';
import { isSignaturePart, type EntityKind } from './smime-layer.ts';
import { asUnopenable, UnopenableMessageError } from './unopenable.ts';

/** Base64 of the most that is held of a CMS object, and a header. */
const MAX_SIGNATURE_PART = MAX_HELD * 1.5;

/**
 * The layer in a multipart/signed (RFC 8551 §3.5.3). Its first part streams out in canonical form and is hashed on
 * its way, with what micalg announces and always with SHA-256, as micalg is often wrong: the signature, which knows
 * better, stands behind the content.
 */
export function multipartLayer(
  body: ByteQueue,
  { boundary, micalg }: Extract<EntityKind, { kind: 'multipart-signed' }>,
  context: OpenContext,
  depth: number,
): LayerStream {
  const announced = digestsOfMicalg(micalg ?? '');
  const all: readonly ReadDigest[] = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'];
  const hashing = contentDigests(announced.length === 0 ? all : ['sha256', ...announced], context.legacy);
  const problems: LayerProblem[] = [];
  let layer: SignedLayer = { ...signedLayerYet('detached'), problems };

  function* content(): Chunks {
    try {
      yield* skipPreamble(body, boundary, depth);
      const end = yield* seen(untilDelimiter(body, boundary, true), hashing.update);
      if (end === 'cut-off') throw new UnopenableMessageError('malformed-multipart', depth, 'cut off');
      const tail = end === 'close' ? null : yield* signatureBehind(body, boundary, depth, problems);
      yield* body.drain();
      if (tail === null) {
        problems.push('signature-missing');
        return;
      }
      const found = signed('detached', tail, { contentType: OID.data, digests: hashing.digests() }, context);
      layer = { ...found, problems: [...problems, ...found.problems] };
    } catch (error) {
      throw error instanceof AmbiguousBoundaryError
        ? new UnopenableMessageError('malformed-multipart', depth, 'a line only starts with the boundary')
        : asUnopenable(error, depth);
    }
  }

  return { content: content(), report: () => layer };
}

/** Many programs say there to those without MIME what the message is; those with MIME never show it. */
function* skipPreamble(body: ByteQueue, boundary: string, depth: number): Waiting<void> {
  const end = yield* taken(untilDelimiter(body, boundary), () => undefined);
  if (end !== 'next') throw new UnopenableMessageError('malformed-multipart', depth, 'no parts');
}

/** @returns null where the part behind the content is no S/MIME signature, or none that can be read. */
function* signatureBehind(
  body: ByteQueue,
  boundary: string,
  depth: number,
  problems: LayerProblem[],
): Waiting<SignedDataTail | null> {
  const { bytes, end } = yield* held(untilDelimiter(body, boundary), depth);
  if (end === 'next') problems.push('more-parts');
  if (end === 'cut-off') problems.push('cut-off');
  const part = new ByteQueue(only(bytes));
  const { header } = yield* takeEntityHeader(part);
  if (header instanceof MalformedMessageError || !isSignaturePart(header)) return null;
  try {
    return yield* detachedSignature(new BerReader(new ByteQueue(cmsOctets(part, () => undefined))), depth);
  } catch (error) {
    if (error instanceof BerError || error instanceof DerError || error instanceof UnopenableMessageError) {
      return null;
    }
    throw error;
  }
}

function* held(part: Chunks<PartEnd>, depth: number): Waiting<{ bytes: Buffer; end: PartEnd }> {
  const chunks: Buffer[] = [];
  let size = 0;
  const end = yield* taken(part, (chunk) => {
    size += chunk.length;
    if (size > MAX_SIGNATURE_PART) throw new UnopenableMessageError('over-limit', depth, 'a signature');
    chunks.push(chunk);
  });
  return { bytes: Buffer.concat(chunks), end };
}

/** One with a content of its own is none: what it signs is not what stands beside it. */
function* detachedSignature(reader: BerReader, depth: number): Waiting<SignedDataTail | null> {
  reader.enter(yield* reader.expect(TAG.sequence, 'the CMS object'));
  const type = readOid(yield* reader.value(yield* reader.expect(TAG.oid, 'the content type')));
  if (type !== OID.signedData) return null;
  reader.enter(yield* reader.expect(contextTag(0), 'the content'));
  const head = yield* readSignedDataHead(reader);
  return head.content === null && head.contentType === OID.data
    ? yield* readSignedDataTail(reader, head, depth)
    : null;
}
