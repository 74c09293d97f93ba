// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError, type Header } from '@securemail/mime';
import type { ByteQueue } from '../asn1/byte-queue.ts';
import { only, seen, type Chunks, type Waiting } from '../flow/flow.ts';
import { takeEntityHeader, type EntityHeader } from '../mime/entity-header.ts';
import { closedPartFinder, type ClosedPart } from './closed-parts.ts';
import {
  hasDraftProtection,
  hiddenFields,
  hpOf,
  wrapsMessage,
  type HeaderProtection,
} from './header-protection.ts';
import type { Layer } from './layers.ts';
import { legacyDisplayFinder } from './legacy-display.ts';
import { partHeaders } from './part-headers.ts';

/** What is in all layers, about to stream. */
export interface InnermostEntity {
  /** Its own header, or that of the message it wraps; null where it starts with something else. */
  readonly header: Header | null;
  /** All of it, with its header as it stands. */
  readonly content: Chunks;
  /** May be asked once the content was read. */
  headerProtection(layers: readonly Layer[]): HeaderProtection | null;
  /** May be asked once the content was read. */
  closedParts(): readonly ClosedPart[];
}

/**
 * @param start the header of the entity, already taken from the queue.
 * @param inLayer whether anything is around it; an ordinary message protects no header, whatever it says.
 * @param outer the header of the message itself.
 */
export function* innermostEntity(
  start: EntityHeader,
  queue: ByteQueue,
  { inLayer, outer }: { inLayer: boolean; outer: Header },
): Waiting<InnermostEntity> {
  const legacyDisplay = legacyDisplayFinder();
  const closed = closedPartFinder(outer);
  const see = partHeaders((part) => {
    legacyDisplay.see(part);
    closed.see(part);
  });
  const streaming = (bytes: Buffer) => ({
    content: seen(joined(bytes, queue), see),
    closedParts: closed.parts,
  });
  const header = start.header instanceof MalformedMessageError ? null : start.header;
  if (header !== null && inLayer && wrapsMessage(header)) {
    const wrapped = yield* takeEntityHeader(queue);
    const stream = streaming(Buffer.concat([start.bytes, wrapped.bytes]));
    if (wrapped.header instanceof MalformedMessageError)
      return { header, ...stream, headerProtection: () => null };
    const headerProtection = comparedProtection('rfc8551', wrapped.header, outer);
    return { header: wrapped.header, ...stream, headerProtection };
  }
  const stream = streaming(start.bytes);
  const hp = header !== null && inLayer ? hpOf(header) : null;
  if (header === null || hp === null) {
    return header !== null && inLayer && hasDraftProtection(header)
      ? { header, ...stream, headerProtection: comparedProtection('protected-headers-v1', header, outer) }
      : { header, ...stream, headerProtection: () => null };
  }
  return {
    header,
    ...stream,
    headerProtection: (layers) => ({
      scheme: 'rfc9788',
      hidden: hp === 'cipher' && isEncrypted(layers) ? hiddenFields(header, null) : [],
      legacyDisplay: legacyDisplay.parts(),
    }),
  };
}

/** Where nothing inside records what stood outside. */
const comparedProtection =
  (scheme: HeaderProtection['scheme'], header: Header, outer: Header): InnermostEntity['headerProtection'] =>
  (layers) => ({
    scheme,
    hidden: isEncrypted(layers) ? hiddenFields(header, outer) : [],
    legacyDisplay: [],
  });

const isEncrypted = (layers: readonly Layer[]) => layers.some(({ kind }) => kind === 'encrypted');

function* joined(bytes: Buffer, queue: ByteQueue): Chunks {
  yield* only(bytes);
  yield* queue.rest();
}
