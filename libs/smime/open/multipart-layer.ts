// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import { BerError } from '../asn1/ber-error.ts';
import { BerReader, MAX_HELD } from '../asn1/ber-reader.ts';
import { ByteQueue } from '../asn1/byte-queue.ts';
import { context as contextTag, DerError, readOid, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { cmsOctets } from '../mime/cms-octets.ts';
import { takeEntityHeader } from '../mime/entity-header.ts';
import { entityOf } from '../mime/entity.ts';
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

  async function* content(): AsyncGenerator<Buffer, void, void> {
    try {
      await skipPreamble(body, boundary, depth);
      const part = untilDelimiter(body, boundary, true);
      let read = await part.next();
      for (; read.done !== true; read = await part.next()) {
        hashing.update(read.value);
        yield read.value;
      }
      if (read.value === 'cut-off') throw new UnopenableMessageError('malformed-multipart', depth, 'cut off');
      const tail = read.value === 'close' ? null : await signatureBehind(body, boundary, depth, problems);
      await body.drain();
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
    } finally {
      await body.close();
    }
  }

  return { content: content(), report: () => layer };
}

/** Many programs say there to those without MIME what the message is; those with MIME never show it. */
async function skipPreamble(body: ByteQueue, boundary: string, depth: number): Promise<void> {
  const preamble = untilDelimiter(body, boundary);
  let read = await preamble.next();
  while (read.done !== true) read = await preamble.next();
  if (read.value !== 'next') throw new UnopenableMessageError('malformed-multipart', depth, 'no parts');
}

/** @returns null where the part behind the content is no S/MIME signature, or none that can be read. */
async function signatureBehind(
  body: ByteQueue,
  boundary: string,
  depth: number,
  problems: LayerProblem[],
): Promise<SignedDataTail | null> {
  const { bytes, end } = await held(untilDelimiter(body, boundary), depth);
  if (end === 'next') problems.push('more-parts');
  if (end === 'cut-off') problems.push('cut-off');
  const part = new ByteQueue(entityOf(bytes).open());
  const { header } = await takeEntityHeader(part);
  if (header instanceof MalformedMessageError || !isSignaturePart(header)) return null;
  try {
    return await detachedSignature(new BerReader(new ByteQueue(cmsOctets(part, () => undefined))), depth);
  } catch (error) {
    if (error instanceof BerError || error instanceof DerError || error instanceof UnopenableMessageError) {
      return null;
    }
    throw error;
  }
}

async function held(part: AsyncGenerator<Buffer, PartEnd, void>, depth: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const read = await part.next();
    if (read.done === true) return { bytes: Buffer.concat(chunks), end: read.value };
    size += read.value.length;
    if (size > MAX_SIGNATURE_PART) throw new UnopenableMessageError('over-limit', depth, 'a signature');
    chunks.push(read.value);
  }
}

/** One with a content of its own is none: what it signs is not what stands beside it. */
async function detachedSignature(reader: BerReader, depth: number): Promise<SignedDataTail | null> {
  reader.enter(await reader.expect(TAG.sequence, 'the CMS object'));
  const type = readOid(await reader.value(await reader.expect(TAG.oid, 'the content type')));
  if (type !== OID.signedData) return null;
  reader.enter(await reader.expect(contextTag(0), 'the content'));
  const head = await readSignedDataHead(reader);
  return head.content === null && head.contentType === OID.data
    ? await readSignedDataTail(reader, head, depth)
    : null;
}
