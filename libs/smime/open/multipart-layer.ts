// SPDX-License-Identifier: Apache-2.0
import type { ByteQueue } from '../asn1/byte-queue.ts';
import { OID } from '../asn1/oids.ts';
import { seen, taken, type Chunks, type Waiting } from '../flow/flow.ts';
import { AmbiguousBoundaryError, untilDelimiter } from '../mime/multipart.ts';
import { digestsOfMicalg, type ReadDigest } from './digest-names.ts';
import type { EntityLayerStream, LayerProblem, OpenContext, SignedLayer } from './layers.ts';
import { signatureBehind } from './signature-part.ts';
import { contentDigests } from './signed-data.ts';
import { signed, signedLayerYet } from './signed-layer.ts';
import type { EntityKind } from './smime-layer.ts';
import { asUnopenable, UnopenableMessageError } from './unopenable.ts';

/** Octets; those of known programs have under 200. */
const MAX_PREAMBLE = 1000;
const SENTENCE = /^[\t\r\n\x20-\x3b\x3d-\x7e]*$/;
const WHITE_SPACE = /^[\t\r\n ]*$/;

/**
 * The layer in a multipart/signed (RFC 8551 §3.5.3). Its first part streams out in canonical form and is hashed on
 * its way, with what micalg announces and always with SHA-256, as micalg is often wrong: the signature, which knows
 * better, stands behind the content.
 */
export function multipartLayer(
  body: ByteQueue,
  { boundary, micalg, isBare }: Extract<EntityKind, { kind: 'multipart-signed' }>,
  context: OpenContext,
  depth: number,
): EntityLayerStream {
  const announced = digestsOfMicalg(micalg ?? '');
  const all: readonly ReadDigest[] = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'];
  const hashing = contentDigests(announced.length === 0 ? all : ['sha256', ...announced], context.legacy);
  const problems: LayerProblem[] = [];
  let isWhole = isBare;
  const beside = () => {
    isWhole = false;
  };
  let layer: SignedLayer = { ...signedLayerYet('detached'), problems };

  function* content(): Chunks {
    try {
      if (!(yield* skipPreamble(body, boundary, depth))) beside();
      const end = yield* seen(untilDelimiter(body, boundary, true), hashing.update);
      if (end === 'cut-off') throw new UnopenableMessageError('malformed-multipart', depth, 'cut off');
      const tail =
        end === 'close' ? null : yield* signatureBehind(body, boundary, depth, { problems, beside });
      yield* skipEpilogue(body, beside);
      if (tail === null) {
        problems.push('signature-missing');
        beside();
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

  return { content: content(), report: () => layer, isWhole: () => isWhole };
}

/**
 * Many programs say there to those without MIME what the message is; those with MIME never show it.
 *
 * @returns whether it may be such a sentence, and nothing that a program could take for more than text.
 */
function* skipPreamble(body: ByteQueue, boundary: string, depth: number): Waiting<boolean> {
  let size = 0;
  let isSentence = true;
  const end = yield* taken(untilDelimiter(body, boundary), (chunk) => {
    size += chunk.length;
    isSentence &&= size <= MAX_PREAMBLE && SENTENCE.test(chunk.toString('latin1'));
  });
  if (end !== 'next') throw new UnopenableMessageError('malformed-multipart', depth, 'no parts');
  return isSentence;
}

/** To its end, as whatever checks the source is asked there. */
function* skipEpilogue(body: ByteQueue, beside: () => void): Waiting<void> {
  while (yield* body.has(1)) if (!WHITE_SPACE.test(body.takeHeld().toString('latin1'))) beside();
}
