// SPDX-License-Identifier: Apache-2.0
import { headerOf, readHeader, toCrlf, type Header } from '@securemail/mime';

/** Fields that speak of the body (RFC 2045 §3) and go with it into the first part. */
const OF_THE_BODY = /^content-/;

/** Octets. A mail may come with 256 KiB of header, have as much inside its protection, and gets our fields. */
const MOST_HEADER = 1024 * 1024;

export interface SplitMessage {
  /** What stays outside, in its order. */
  readonly outer: Header;
  /** What goes inside, in its order; without any field, the part is plain text by RFC 2046 §5.1. */
  readonly inner: Header;
  readonly body: AsyncIterable<Buffer>;
}

/**
 * Parts a message into what will be around the entity and the entity itself. A lone CR or LF becomes CRLF: SMTP carries
 * nothing else, and signatures are made over nothing else (RFC 8551 §3.1.1).
 *
 * @throws MalformedMessageError as `readHeader` does; the source is closed then.
 */
export async function splitMessage(message: AsyncIterable<Uint8Array>): Promise<SplitMessage> {
  const { header, body } = await readHeader(toCrlf(message), { maxHeaderBytes: MOST_HEADER });
  const isInner = (name: string) => OF_THE_BODY.test(name);
  return {
    outer: header.without((name) => isInner(name) || name === 'mime-version'),
    inner: headerOf(header.fields.filter(({ name }) => isInner(name.toLowerCase()))),
    body,
  };
}
