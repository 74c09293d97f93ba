// SPDX-License-Identifier: Apache-2.0
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { headerOf, readHeader, toCrlf, type Header } from '@securemail/mime';
import type { DigestAlgorithm } from '../algorithms/digests.ts';
import type { MimeEntity } from '../mime/entity.ts';

/** A whole message (RFC 5322) that can be read again and again, its header lines ended by CRLF. */
export interface MessageSource {
  open(): AsyncIterable<Uint8Array>;
}

/** The two headers of a message that is to be wrapped: what stays outside, and what goes inside. */
interface Headers {
  outer: Header;
  inner: Header;
}

/** Fields that speak of the body and go inside with it (RFC 8551 §3.1). */
const STRUCTURAL = /^(content-.*|mime-version)$/;
/**
 * Fields that name hidden recipients, belong to a former way, vouch for a body that is not there any more, or are only
 * ours to set.
 */
const DROPPED =
  /^(bcc|resent-bcc|return-path|dkim-signature|domainkey-signature|arc-.*|authentication-results|x-securemail-.*)$/;

/** 998 octets, and the CR. */
const LONGEST_LINE = 999;

/** RFC 2045 §5.2: what a message without Content-Type is. */
const DEFAULT_TYPE = 'text/plain; charset=us-ascii';

/**
 * Reads a message once, and parts it into a header for outside and an entity for inside, of known length and digest.
 *
 * @param options.rearrange may move more from one header to the other.
 * @param options.digest the one that the signer wants.
 * @param options.lookAtOctets whether to find out if the entity is 7-bit: the slowest part of the reading.
 */
export async function splitMessage<T extends Headers>(
  original: MessageSource,
  options: { rearrange: (headers: Headers) => T; digest: DigestAlgorithm; lookAtOctets: boolean },
) {
  const { header, body } = await readHeader(original.open());
  const headers = options.rearrange({
    outer: header.without((name) => STRUCTURAL.test(name) || DROPPED.test(name)),
    inner: innerHeaderOf(header),
  });
  const innerHeader = headers.inner.toBuffer();
  const hash = createHash(options.digest).update(innerHeader);
  const sevenBit = options.lookAtOctets ? sevenBitCheck() : null;
  sevenBit?.update(innerHeader);
  let size = innerHeader.length;
  for await (const chunk of toCrlf(body)) {
    hash.update(chunk);
    sevenBit?.update(chunk);
    size += chunk.length;
  }
  const entity: MimeEntity = {
    size,
    digest: { algorithm: options.digest, value: hash.digest() },
    open: async function* () {
      yield innerHeader;
      const again = await readHeader(original.open());
      yield* toCrlf(again.body);
    },
  };
  return { ...headers, entity, sevenBit: sevenBit?.holds() ?? false };
}

function innerHeaderOf(header: Header): Header {
  const structural = headerOf(header.fields.filter(({ name }) => STRUCTURAL.test(name.toLowerCase())));
  return structural.get('Content-Type') === undefined
    ? structural.with('Content-Type', DEFAULT_TYPE)
    : structural;
}

/** Whether text in canonical form is 7-bit data (RFC 2045 §2.7): no NUL, nothing above 127, lines of 998 octets. */
function sevenBitCheck() {
  let holds = true;
  let lineLength = 0;
  return {
    holds: () => holds,
    update: (chunk: Buffer) => {
      if (!holds) return;
      holds = isAscii(chunk) && !chunk.includes(0);
      const text = chunk.toString('latin1');
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        if (lineLength + end - start > LONGEST_LINE) holds = false;
        lineLength = 0;
        start = end + 1;
      }
      lineLength += text.length - start;
      if (lineLength > LONGEST_LINE) holds = false;
    },
  };
}
