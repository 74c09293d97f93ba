// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { headerAlone, headerOf, MalformedMessageError, type Header } from '@securemail/mime';
import { contentTypeOf, openMessage, UnopenableMessageError } from '@securemail/smime';

const SIGNED = /^application\/(x-)?pkcs7-mime$/i;

/**
 * A message as who has no program for S/MIME can read it: what its sender's program signed opaquely (RFC 8551 §3.5.2)
 * without the signature around it. Everything else as it is, also what nobody here can open.
 *
 * @param open gives the message, from its beginning, as often as it is called.
 * @throws what the source throws.
 */
export async function asRead(open: () => AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer>> {
  const header = await headerOfOpaque(open());
  if (header === null) return open();
  try {
    // Once to the end before anybody reads it: only then is it known that it is whole.
    const { contentHeader } = await openMessage(open(), { unwrappers: [], keep: toNowhere });
    return contentHeader === null ? open() : within(header, open());
  } catch (error) {
    if (error instanceof UnopenableMessageError) return open();
    throw error;
  }
}

/** Null: it is none. */
async function headerOfOpaque(message: AsyncIterable<Buffer>): Promise<Header | null> {
  try {
    const header = await headerAlone(message);
    return SIGNED.test(contentTypeOf(header).type) ? header : null;
  } catch (error) {
    if (error instanceof MalformedMessageError) return null;
    throw error;
  }
}

const toNowhere = async (content: AsyncIterable<Buffer>): Promise<void> => {
  for await (const chunk of content) if (chunk.length === 0) continue;
};

/** What the header says of the message stands before what the signed entity says of itself. */
async function* within(
  { fields }: Header,
  message: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  const ofMessage = headerOf(
    fields.filter(({ name }) => !/^(content-|mime-version$)/i.test(name)),
  ).toBuffer();
  yield ofMessage.subarray(0, -EMPTY_LINE);
  const through = new PassThrough();
  const opening = openMessage(message, {
    unwrappers: [],
    keep: (content) => pipeline(content, through),
  }).catch((error: unknown) => {
    through.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  for await (const chunk of through) yield chunk as Buffer;
  await opening;
}

const EMPTY_LINE = '\r\n'.length;
