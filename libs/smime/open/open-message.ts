// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError, type Header } from '@securemail/mime';
import { ByteQueue } from '../asn1/byte-queue.ts';
import type { Certificate } from '../certificates/certificate.ts';
import type { Unwrapper } from '../keys/unwrapper.ts';
import { takeEntityHeader } from '../mime/entity-header.ts';
import type { Around } from '../mime/multipart-signed.ts';
import { chunksOf, run, streamOf, type Waiting } from '../flow/flow.ts';
import type { ClosedPart } from './closed-parts.ts';
import { cmsLayer } from './cms-layer.ts';
import { expansionBudget, MAX_EXPANDED_SIZE } from './expansion-budget.ts';
import { flagUnauthenticated } from './flag-unauthenticated.ts';
import { contentHeaderOf } from './header-around.ts';
import { hpOf, type HeaderProtection } from './header-protection.ts';
import { innermostEntity, type InnermostEntity } from './innermost-entity.ts';
import type { EntityLayerStream, Layer, Legacy, OpenContext } from './layers.ts';
import { multipartLayer } from './multipart-layer.ts';
import { entityKind } from './smime-layer.ts';
import { stillSigned, type StillSigned } from './still-signed.ts';
import { UnopenableMessageError, type UnopenableCode } from './unopenable.ts';
import { watch } from './watch.ts';

export interface Opening<Kept> {
  /** Who unwraps. @default nobody: encrypted messages are `no-recipient` */
  unwrappers?: readonly Unwrapper[] | undefined;
  /** Certificates of signers, for messages that do not carry them. */
  certificates?: readonly Certificate[] | undefined;
  /** What is too weak to count unless it stands here. @default nothing */
  legacy?: readonly Legacy[] | undefined;
  /** A message with more is refused; a triple wrapped one has three. @default 8 */
  maxLayers?: number | undefined;
  /** Octets that all compressed layers of a message together may grow to. @default 256 MiB */
  maxExpandedSize?: number | undefined;
  /**
   * Where nothing but detached signatures is around the content, to `keep` the multipart/signed as it stands in the layer
   * outside of it, so that readers can verify it themselves; `keptSigned` tells. @default false
   */
  keepSigned?: boolean | undefined;
  /**
   * Stores what is in the innermost layer, as it streams: a MIME entity, header and body. Nothing is known of it yet,
   * so it must go where nobody reads it; if the stream throws, or `openMessage` rejects afterwards, it must be thrown
   * away. It is read once, and to its end. `whole`: what is kept is the message itself, as it came.
   */
  keep: (content: AsyncIterable<Buffer>, what: { whole: boolean }) => Promise<Kept>;
}

/** A message that opened. That is all: whether anybody signed it, and who, its layers tell. */
export interface OpenedMessage<Kept> {
  /** What `keep` made of the content. */
  readonly kept: Kept;
  /** From the outside in; none where the message is no S/MIME at all. */
  readonly layers: readonly Layer[];
  /** Of the message itself, which nobody signed. */
  readonly header: Header;
  /**
   * Of the entity in the innermost layer, or of the message wrapped in that for the sake of its header (RFC 8551
   * §3.1), with the fields that a gateway hid beside it (`contentHeaderOf`); null where it starts with something else.
   */
  readonly contentHeader: Header | null;
  /** How `contentHeader` came to have fields of the message; null where the outer header is the only one. */
  readonly headerProtection: HeaderProtection | null;
  /**
   * Where parts of the content are signed or encrypted by S/MIME themselves, by their headers: as they are not at the top,
   * nothing of them was opened or verified. Found in multiparts, and in attached messages.
   */
  readonly closedParts: readonly ClosedPart[];
  /** Whether `kept` has the content within its detached signatures. */
  readonly keptSigned: boolean;
  /**
   * Where `kept` is what an opaque signature (application/pkcs7-mime) has in it: what makes a multipart/signed of it, with
   * the same signature. Whether mail carries such octets unchanged is another question. Null where there is none, or one
   * whose digests are not known or were not announced.
   */
  readonly detachedAround: Around | null;
}

const MAX_LAYERS = 8;

/**
 * Opens a message layer by layer in one pass, and holds no more of it than about 1 MiB in each: signatures, detached
 * and opaque, encryptions, in any nesting (RFC 8551 §3.7). Only what the top-level entity is, and then the entity in
 * that, and so on, is opened: never a part among other parts.
 *
 * What was wrong with a signature is told in the result, as its content may still be read by somebody who knows it.
 *
 * @param source the message; lines end with CRLF or LF, chunks have any size. It is closed in the end.
 * @throws UnopenableMessageError; MalformedMessageError where the message itself has no header that can be read;
 *   KeyUnavailableError where the key that it wants could not be asked, so that it may open later; what `source` or
 *   `keep` throws.
 */
export async function openMessage<Kept>(
  source: AsyncIterable<Uint8Array>,
  options: Opening<Kept>,
): Promise<OpenedMessage<Kept>> {
  const chunks = source[Symbol.asyncIterator]();
  const layers: EntityLayerStream[] = [];
  try {
    const { header, innermost, around, signed } = await run(
      peel(new ByteQueue(chunksOf(chunks)), options, layers),
    );
    const watched = watch(streamOf(signed?.during(innermost.content) ?? innermost.content));
    const whole = layers.length === 0 || signed?.depth === 0;
    const kept = await options.keep(watched.content, { whole });
    watched.check(layers.length);
    const reports = flagUnauthenticated(layers);
    return {
      kept,
      layers: reports,
      header,
      ...contentHeaderOf(innermost, around, reports),
      closedParts: innermost.closedParts(),
      keptSigned: signed !== null,
      detachedAround: layers.at(-1)?.detachedAround?.() ?? null,
    };
  } catch (error) {
    throw discreet(error, layers);
  } finally {
    for (const layer of layers) layer.close?.();
    await chunks.return?.();
  }
}

/** Goes through the headers of all layers, until one holds no other. What it finds is added to `layers`. */
function* peel(
  message: ByteQueue,
  {
    unwrappers = [],
    certificates = [],
    legacy = [],
    maxLayers = MAX_LAYERS,
    maxExpandedSize = MAX_EXPANDED_SIZE,
    keepSigned = false,
  }: Opening<unknown>,
  layers: EntityLayerStream[],
): Waiting<{
  header: Header;
  innermost: InnermostEntity;
  around: Header | null;
  signed: StillSigned | null;
}> {
  const context: OpenContext = {
    unwrappers,
    certificates,
    legacy: new Set(legacy),
    expansion: expansionBudget(maxExpandedSize),
  };
  let outer: Header | null = null;
  let around: Header | null = null;
  let signed: StillSigned | null = null;
  for (let entity = message; ;) {
    const depth = layers.length;
    const { header, bytes } = yield* takeEntityHeader(entity);
    outer ??= messageHeader(header);
    const kind = header instanceof MalformedMessageError ? null : entityKind(header, depth);
    if (kind === null || kind.kind === 'content') {
      return {
        header: outer,
        innermost: yield* innermostEntity({ header, bytes }, entity, { inLayer: depth > 0, outer }),
        around,
        signed,
      };
    }
    if (depth > 0 && !(header instanceof MalformedMessageError) && hpOf(header) === 'cipher') around = header;
    if (depth >= maxLayers) throw new UnopenableMessageError('too-many-layers', depth, `${maxLayers}`);
    if (kind.kind === 'pkcs7-mime') {
      signed?.forget();
      signed = null;
    } else if (keepSigned && signed === null) {
      signed = stillSigned(bytes, entity, depth);
      entity = signed.queue;
    }
    const layer =
      kind.kind === 'pkcs7-mime'
        ? yield* cmsLayer(entity, kind, context, depth)
        : multipartLayer(entity, kind, context, depth);
    layers.push(layer);
    entity = new ByteQueue(layer.content);
  }
}

/** A message has fields, at least From and Date (RFC 5322 §3.6). */
function messageHeader(header: Header | MalformedMessageError): Header {
  if (header instanceof MalformedMessageError) throw header;
  if (header.fields.length === 0) throw new MalformedMessageError('no-header');
  return header;
}

const TOLD_OF_INSIDE: ReadonlySet<UnopenableCode> = new Set([
  'no-recipient',
  'too-many-layers',
  'content-not-read',
]);

/** See UnopenableMessageError: of what is inside an encryption no error tells anything, but that it is for others, or goes on. */
function discreet(error: unknown, layers: readonly EntityLayerStream[]): unknown {
  if (!(error instanceof UnopenableMessageError)) return error;
  if (TOLD_OF_INSIDE.has(error.code)) return error;
  const encrypted = layers.findIndex((layer) => layer.report().kind === 'encrypted');
  return encrypted >= 0 && error.layer > encrypted
    ? new UnopenableMessageError('decryption-failed', encrypted)
    : error;
}
