// SPDX-License-Identifier: Apache-2.0
import { BerReader } from '../asn1/ber-reader.ts';
import { ByteQueue } from '../asn1/byte-queue.ts';
import { context as contextTag, readOid, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Chunks, Waiting } from '../flow/flow.ts';
import { cmsOctets } from '../mime/cms-octets.ts';
import { compressedLayer } from './compressed-layer.ts';
import { envelopedLayer } from './enveloped-layer.ts';
import type { EntityLayerStream, LayerProblem, LayerStream, OpenContext } from './layers.ts';
import { signedLayer } from './signed-layer.ts';
import type { EntityKind } from './smime-layer.ts';
import { asUnopenable, UnopenableMessageError } from './unopenable.ts';

/** smime-types (RFC 8551 §3.2.2) of each content type, in lower case. */
const SMIME_TYPES: Readonly<Partial<Record<string, readonly string[]>>> = {
  [OID.signedData]: ['signed-data', 'certs-only'],
  [OID.envelopedData]: ['enveloped-data'],
  [OID.authEnvelopedData]: ['authenveloped-data'],
  [OID.compressedData]: ['compressed-data'],
};

/**
 * The layer in an application/pkcs7-mime. What it is tells the CMS object; what smime-type says is compared to that.
 *
 * @throws UnopenableMessageError
 */
export function* cmsLayer(
  body: ByteQueue,
  kind: Extract<EntityKind, { kind: 'pkcs7-mime' }>,
  context: OpenContext,
  depth: number,
): Waiting<EntityLayerStream> {
  const problems = new Set<LayerProblem>(kind.byName ? ['other-content-type'] : []);
  const cms = new ByteQueue(
    cmsOctets(body, () => {
      problems.add('rubbish');
    }),
  );
  const reader = new BerReader(cms);
  try {
    const type = yield* contentTypeOf(reader);
    if (kind.smimeType !== null && SMIME_TYPES[type]?.includes(kind.smimeType) !== true) {
      problems.add('other-smime-type');
    }
    const layer = yield* layerOf(type, reader, context, depth);
    return {
      ...layer,
      content: toTheEnd(layer, reader, cms, depth, problems),
      report: () => {
        const report = layer.report();
        return { ...report, problems: [...problems, ...report.problems] };
      },
      isWhole: () => !problems.has('rubbish'),
    };
  } catch (error) {
    throw asUnopenable(error, depth);
  }
}

/** ContentInfo (RFC 5652 §3), entered as far as its content. */
function* contentTypeOf(reader: BerReader): Waiting<string> {
  reader.enter(yield* reader.expect(TAG.sequence, 'the CMS object'));
  const type = readOid(yield* reader.value(yield* reader.expect(TAG.oid, 'the content type')));
  reader.enter(yield* reader.expect(contextTag(0), 'the content'));
  return type;
}

function* layerOf(
  type: string,
  reader: BerReader,
  context: OpenContext,
  depth: number,
): Waiting<LayerStream> {
  switch (type) {
    case OID.signedData:
      return yield* signedLayer(reader, context, depth);
    case OID.envelopedData:
    case OID.authEnvelopedData:
      return yield* envelopedLayer(reader, type === OID.authEnvelopedData, context, depth);
    case OID.compressedData:
      return yield* compressedLayer(reader, context, depth);
    default:
      throw new UnopenableMessageError('unsupported', depth, `content of type ${type}`);
  }
}

/** A layer has ended well only when all layers around it have: so their last octet is read, too. */
function* toTheEnd(
  { content }: LayerStream,
  reader: BerReader,
  cms: ByteQueue,
  depth: number,
  problems: Set<LayerProblem>,
): Chunks {
  try {
    yield* content;
    yield* reader.leave();
    yield* reader.leave();
    if (yield* cms.has(1)) problems.add('rubbish');
    yield* cms.drain();
  } catch (error) {
    throw asUnopenable(error, depth);
  }
}
