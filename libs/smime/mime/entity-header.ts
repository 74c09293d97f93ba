// SPDX-License-Identifier: Apache-2.0
import { headerIn, headerOf, MalformedMessageError, type Header } from '@securemail/mime';
import type { ByteQueue } from '../asn1/byte-queue.ts';
import type { Waiting } from '../flow/flow.ts';

/** 256 KiB, as readHeader has it. */
const MAX_HEADER = 256 * 1024;
const CR = 0x0d;
const LF = 0x0a;
const EMPTY_LINE = /^\r?\n/;

export interface EntityHeader {
  /** What is wrong where these bytes are no header: then they are content, and nothing else is known of it. */
  readonly header: Header | MalformedMessageError;
  /** As it stands, with the empty line; taken from the queue. */
  readonly bytes: Buffer;
}

/**
 * Takes the header of an entity. Unlike a message it may have no fields at all (RFC 2045 §5.2), and inside CMS, which
 * carries any bytes, Unix programs leave LF line ends.
 */
export function* takeEntityHeader(queue: ByteQueue): Waiting<EntityHeader> {
  yield* queue.has(2);
  const emptyLine = EMPTY_LINE.exec(queue.held.toString('latin1', 0, 2));
  if (emptyLine !== null) return { header: headerOf([]), bytes: queue.take(emptyLine[0].length) };
  let size = endOfHeader(queue.held);
  while (size === null && queue.held.length < MAX_HEADER && (yield* queue.more()))
    size = endOfHeader(queue.held);
  const bytes = queue.take(size ?? endOfHeader(queue.held) ?? queue.held.length);
  return { header: parsed(bytes), bytes };
}

/** A lone CR does not become a line end: to one program it would start a field, to another it would not. */
function parsed(bytes: Buffer): Header | MalformedMessageError {
  const lines = Buffer.from(bytes.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1');
  try {
    return lines.length > MAX_HEADER ? new MalformedMessageError('header-too-long') : headerIn(lines);
  } catch (error) {
    if (error instanceof MalformedMessageError) return error;
    throw error;
  }
}

/** Line by line, as the body behind it may be long and have no empty line. */
function endOfHeader(bytes: Buffer): number | null {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return null;
}
