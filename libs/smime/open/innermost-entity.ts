// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError, type Header } from '@securemail/mime';
import type { ByteQueue } from '../asn1/byte-queue.ts';
import { only, seen, type Chunks, type Waiting } from '../flow/flow.ts';
import { takeEntityHeader, type EntityHeader } from '../mime/entity-header.ts';
import {
  hasDraftProtection,
  hiddenFields,
  hpOf,
  wrapsMessage,
  type HeaderProtection,
} from './header-protection.ts';
import type { Layer } from './layers.ts';
import { legacyDisplayFinder } from './legacy-display.ts';

/** What is in all layers, about to stream. */
export interface InnermostEntity {
  /** Its own header, or that of the message it wraps; null where it starts with something else. */
  readonly header: Header | null;
  /** All of it, with its header as it stands. */
  readonly content: Chunks;
  /** May be asked once the content was read. @param outer the header of the message itself. */
  headerProtection(outer: Header, layers: readonly Layer[]): HeaderProtection | null;
}

/**
 * @param start the header of the entity, already taken from the queue.
 * @param inLayer whether anything is around it; an ordinary message protects no header, whatever it says.
 */
export function* innermostEntity(
  start: EntityHeader,
  queue: ByteQueue,
  inLayer: boolean,
): Waiting<InnermostEntity> {
  const header = start.header instanceof MalformedMessageError ? null : start.header;
  if (header !== null && inLayer && wrapsMessage(header)) {
    const wrapped = yield* takeEntityHeader(queue);
    const bytes = Buffer.concat([start.bytes, wrapped.bytes]);
    const content = joined(bytes, queue);
    if (wrapped.header instanceof MalformedMessageError)
      return { header, content, headerProtection: () => null };
    return {
      header: wrapped.header,
      content,
      headerProtection: comparedProtection('rfc8551', wrapped.header),
    };
  }
  const hp = header !== null && inLayer ? hpOf(header) : null;
  if (header === null || hp === null) {
    const content = joined(start.bytes, queue);
    return header !== null && inLayer && hasDraftProtection(header)
      ? { header, content, headerProtection: comparedProtection('protected-headers-v1', header) }
      : { header, content, headerProtection: () => null };
  }
  const legacyDisplay = legacyDisplayFinder();
  return {
    header,
    content: seen(joined(start.bytes, queue), (chunk) => {
      legacyDisplay.update(chunk);
    }),
    headerProtection: (_outer, layers) => ({
      scheme: 'rfc9788',
      hidden: hp === 'cipher' && isEncrypted(layers) ? hiddenFields(header, null) : [],
      legacyDisplay: legacyDisplay.parts(),
    }),
  };
}

/** Where nothing inside records what stood outside. */
const comparedProtection =
  (scheme: HeaderProtection['scheme'], header: Header): InnermostEntity['headerProtection'] =>
  (outer, layers) => ({
    scheme,
    hidden: isEncrypted(layers) ? hiddenFields(header, outer) : [],
    legacyDisplay: [],
  });

const isEncrypted = (layers: readonly Layer[]) => layers.some(({ kind }) => kind === 'encrypted');

function* joined(bytes: Buffer, queue: ByteQueue): Chunks {
  yield* only(bytes);
  yield* queue.rest();
}
