// SPDX-License-Identifier: Apache-2.0
import { headerOf, readHeader, toCrlf, type Header, type HeaderField } from '@securemail/mime';
import type { OpenedMessage } from '@securemail/smime';
import { contentFields } from '../domain/received/marks.ts';

/** A message that can be read more than once. */
export type Message = () => AsyncIterable<Buffer>;

type Opened = Pick<OpenedMessage<unknown>, 'contentHeader' | 'headerProtection' | 'keptSigned'>;

/**
 * A message as its reader gets it: a header, and of the content what was kept of it.
 *
 * @param header without the fields that say what the content is.
 * @param kept what `openMessage` kept; `whole`: the message as it came.
 */
export const readerMessage = (
  header: Header,
  opened: Opened,
  { kept, whole }: { kept: Message; whole: boolean },
): Message =>
  async function* () {
    // As it came it has CRLF already; inside Unix programs encrypt and sign LF.
    const { fields, body } = await contentOf(opened, whole ? kept() : toCrlf(kept()));
    // Entities inside S/MIME have none; a message without it is not MIME (RFC 2045 §4).
    const isMime = whole || headerOf(fields).get('MIME-Version') !== undefined;
    const outer = isMime ? header : header.with('MIME-Version', '1.0');
    yield headerOf([...outer.fields, ...fields]).toBuffer();
    yield* body;
  };

interface Content {
  /** Say what the body is. */
  fields: readonly HeaderField[];
  body: AsyncIterable<Buffer>;
}

/** A message that was wrapped for the sake of its header (RFC 8551 §3.1) is the content, and its wrapper is not. */
async function contentOf(opened: Opened, kept: AsyncIterable<Buffer>): Promise<Content> {
  const { contentHeader, headerProtection, keptSigned } = opened;
  if (keptSigned) return await entityIn(kept);
  if (headerProtection?.scheme === 'rfc8551') return await entityIn((await entityIn(kept)).body);
  // What starts with no header is text (RFC 2045 §5.2).
  if (contentHeader === null) return { fields: [], body: kept };
  return contentHeader.fields.length === 0
    ? { fields: [], body: withoutEmptyLine(kept) }
    : await entityIn(kept);
}

async function entityIn(bytes: AsyncIterable<Buffer>): Promise<Content> {
  const { header, body } = await readHeader(bytes);
  return { fields: contentFields(header), body };
}

async function* withoutEmptyLine(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let left = '\r\n'.length;
  for await (const chunk of bytes) {
    const rest = chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
    if (rest.length > 0) yield rest;
  }
}
