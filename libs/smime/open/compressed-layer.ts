// SPDX-License-Identifier: Apache-2.0
import { pipeline, Readable } from 'node:stream';
import { createInflate, type Inflate } from 'node:zlib';
import type { BerHeader, BerReader } from '../asn1/ber-reader.ts';
import { CONSTRUCTED } from '../asn1/ber-to-der.ts';
import { context, readOid, TAG } from '../asn1/der.ts';
import { readAlgorithm } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import { chunksOf, owned, seen, streamOf, type Chunks, type Waiting } from '../flow/flow.ts';
import type { ExpandingLayer } from './expansion-budget.ts';
import type { LayerStream, OpenContext } from './layers.ts';
import { UnopenableMessageError } from './unopenable.ts';

/**
 * CompressedData (RFC 3274 §1.1): its content expands while it streams, within the limits of an ExpansionBudget. Its
 * zlib stream (RFC 1950) must end, with the right checksum, exactly where its OCTET STRING does.
 *
 * @throws UnopenableMessageError, BerError, DerError
 */
export function* compressedLayer(
  reader: BerReader,
  { expansion }: OpenContext,
  depth: number,
): Waiting<LayerStream> {
  const header = yield* compressedContent(reader, depth);
  const inflate = createInflate();
  let expandedSize = 0;
  return {
    content: (function* (): Chunks {
      const octets = inflated(inflate, streamOf(owned(reader.octets(header))), expansion.layer(), depth);
      yield* seen(chunksOf(octets), (chunk) => {
        expandedSize += chunk.length;
      });
      yield* reader.leave();
      yield* reader.leave();
      yield* reader.leave();
    })(),
    report: () => ({ kind: 'compressed', expandedSize, problems: [] }),
    close: () => {
      inflate.destroy();
    },
  };
}

/** Leaves the reader at the compressed octets. */
function* compressedContent(reader: BerReader, depth: number): Waiting<BerHeader> {
  reader.enter(yield* reader.expect(TAG.sequence, 'the compressed data'));
  yield* reader.value(yield* reader.expect(TAG.integer, 'the version'));
  const { id } = readAlgorithm(yield* reader.value(yield* reader.expect(TAG.sequence, 'the compression')));
  if (id !== OID.zlibCompress) throw new UnopenableMessageError('unsupported', depth, `compression ${id}`);
  reader.enter(yield* reader.expect(TAG.sequence, 'the content'));
  const type = readOid(yield* reader.value(yield* reader.expect(TAG.oid, 'the content type')));
  if (type !== OID.data) throw new UnopenableMessageError('unsupported', depth, `content of type ${type}`);
  const explicit = yield* reader.next();
  if (explicit === null) throw new UnopenableMessageError('no-content', depth);
  if (explicit.tag !== context(0)) throw new UnopenableMessageError('malformed-cms', depth);
  reader.enter(explicit);
  const octets = yield* reader.next();
  if (octets === null || (octets.tag & ~CONSTRUCTED) !== TAG.octetString) {
    throw new UnopenableMessageError('malformed-cms', depth, 'no compressed octets');
  }
  return octets;
}

async function* inflated(
  inflate: Inflate,
  source: AsyncIterable<Buffer>,
  budget: ExpandingLayer,
  depth: number,
): AsyncGenerator<Buffer, void, void> {
  const compressed = { octets: 0, ended: false };
  const counted = async function* () {
    for await (const chunk of source) {
      compressed.octets += chunk.length;
      budget.read(chunk.length);
      yield chunk;
    }
    compressed.ended = true;
  };
  // What goes wrong on either side comes out of the iteration below.
  pipeline(Readable.from(counted()), inflate, () => undefined);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      if (!budget.expanded(chunk.length)) {
        throw new UnopenableMessageError('over-limit', depth, 'compressed content');
      }
      yield chunk;
    }
  } catch (error) {
    throw isOfZlib(error) ? new UnopenableMessageError('malformed-cms', depth, 'no zlib stream') : error;
  }
  // zlib stops at the end of its stream, and Node says nothing of what follows.
  if (!compressed.ended || inflate.bytesWritten !== compressed.octets) {
    throw new UnopenableMessageError('malformed-cms', depth, 'something follows the zlib stream');
  }
}

const isOfZlib = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');
