// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError, type Header } from '@securemail/mime';
import { BerError } from '../asn1/ber-error.ts';
import { BerReader, MAX_HELD } from '../asn1/ber-reader.ts';
import { ByteQueue } from '../asn1/byte-queue.ts';
import { context as contextTag, DerError, readOid, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { only, taken, type Chunks, type Waiting } from '../flow/flow.ts';
import { cmsOctets } from '../mime/cms-octets.ts';
import { takeEntityHeader } from '../mime/entity-header.ts';
import { untilDelimiter, type PartEnd } from '../mime/multipart.ts';
import type { LayerProblem } from './layers.ts';
import { readSignedDataHead, readSignedDataTail, type SignedDataTail } from './signed-data.ts';
import { isSignaturePart } from './smime-layer.ts';
import { UnopenableMessageError } from './unopenable.ts';

/** Base64 of the most that is held of a CMS object, and a header. */
const MAX_SIGNATURE_PART = MAX_HELD * 1.5;
const FIELDS_OF_PART: ReadonlySet<string> = new Set([
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-description',
  'content-id',
  'mime-version',
]);

export interface Noting {
  readonly problems: LayerProblem[];
  /** What a signature does not need was found around it. */
  readonly beside: () => void;
}

/**
 * Takes the part behind the content of a multipart/signed, and its delimiter.
 *
 * @returns null where it is no S/MIME signature, or none that can be read.
 */
export function* signatureBehind(
  body: ByteQueue,
  boundary: string,
  depth: number,
  { problems, beside }: Noting,
): Waiting<SignedDataTail | null> {
  const { bytes, end } = yield* held(untilDelimiter(body, boundary), depth);
  if (end === 'next') problems.push('more-parts');
  if (end === 'cut-off') problems.push('cut-off');
  if (end !== 'close') beside();
  const part = new ByteQueue(only(bytes));
  const { header } = yield* takeEntityHeader(part);
  if (header instanceof MalformedMessageError || !isSignaturePart(header)) return null;
  if (!isPlainPart(header)) beside();
  const cms = new ByteQueue(cmsOctets(part, beside));
  const reader = new BerReader(cms);
  try {
    const tail = yield* detachedSignature(reader, depth);
    if (!(yield* endsThere(reader, cms))) beside();
    return tail;
  } catch (error) {
    if (error instanceof BerError || error instanceof DerError || error instanceof UnopenableMessageError) {
      return null;
    }
    throw error;
  }
}

/** A program that takes another Content-Type, or another field at all, could show the part. */
const isPlainPart = (header: Header): boolean => {
  const names = header.fields.map(({ name }) => name.toLowerCase());
  return new Set(names).size === names.length && names.every((name) => FIELDS_OF_PART.has(name));
};

function* endsThere(reader: BerReader, cms: ByteQueue): Waiting<boolean> {
  try {
    yield* reader.leave();
    yield* reader.leave();
    return !(yield* cms.has(1));
  } catch (error) {
    if (error instanceof BerError) return false;
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
