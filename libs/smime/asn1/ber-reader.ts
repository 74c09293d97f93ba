// SPDX-License-Identifier: Apache-2.0
import { BerError } from './ber-error.ts';
import { CONSTRUCTED, MAX_DEPTH, readBerHeader, toDer } from './ber-to-der.ts';
import type { ByteQueue } from './byte-queue.ts';
import type { Chunks, Waiting } from '../flow/flow.ts';
import { readDer, TAG, type DerValue } from './der.ts';

export interface BerHeader {
  /** The identifier octet: class, constructed, number. */
  readonly tag: number;
  /** Octets of content; null where an end-of-contents tells its end. */
  readonly length: number | null;
  /** As it stands. */
  readonly bytes: Buffer;
}

interface Frame {
  /** Position behind the last octet; null until an end-of-contents was seen. */
  end: number | null;
  /** No value inside may reach further. */
  readonly limit: number;
}

const LONGEST_HEADER = 10;
const SHORT = 1024;
const MOST_SHORT = 64;

/** What of one CMS object may be held in memory: certificates, CRLs, RecipientInfos, SignerInfos, in octets. */
export const MAX_HELD = 1024 * 1024;

/**
 * Reads BER (ITU-T X.690) from a stream, the content of an OCTET STRING as a stream of its own. By hand, as no
 * library does that: pkijs, asn1js and node-forge want all of a message in memory, and `crypto` reads no CMS.
 *
 * Every method throws BerError, and every length is checked against what surrounds it before anything is read.
 */
export class BerReader {
  readonly #bytes: ByteQueue;
  readonly #frames: Frame[] = [];
  #position = 0;
  #held: number;

  constructor(bytes: ByteQueue, maxHeld = MAX_HELD) {
    this.#bytes = bytes;
    this.#held = maxHeld;
  }

  /** The next value in the one entered last; null at its end. Then `enter`, `value` or `octets` must take it. */
  *next(): Waiting<BerHeader | null> {
    const frame = this.#frames.at(-1);
    if (frame !== undefined && frame.end === this.#position) return null;
    const header = this.#header(this.#headerSize() ?? (yield* this.#awaitedHeaderSize()));
    if (header.tag !== 0) return header;
    if (header.length !== 0 || frame?.end !== null) {
      throw new BerError('bad-tag', 'an end-of-contents ends nothing');
    }
    frame.end = this.#position;
    return null;
  }

  /** The next value, which must have this tag. */
  *expect(tag: number, what: string): Waiting<BerHeader> {
    const header = yield* this.next();
    if (header?.tag !== tag) throw new BerError('unexpected', `${what} is missing`);
    return header;
  }

  /** Goes into a constructed value. */
  enter(header: BerHeader): void {
    if ((header.tag & CONSTRUCTED) === 0) throw new BerError('unexpected', 'a value is not constructed');
    if (this.#frames.length >= MAX_DEPTH) {
      throw new BerError('too-deep', `values are nested more than ${MAX_DEPTH} deep`);
    }
    const end = header.length === null ? null : this.#position + header.length;
    this.#frames.push({ end, limit: end ?? this.#limit() });
  }

  /** Leaves the value entered last, of which nothing may be left. */
  *leave(): Waiting<void> {
    if ((yield* this.next()) !== null)
      throw new BerError('unexpected', 'a value has more in it than it should');
    this.#frames.pop();
  }

  /** All of a value, held in memory, with definite lengths. */
  *value(header: BerHeader): Waiting<DerValue> {
    return readDer(toDer(yield* this.#whole(header)));
  }

  /**
   * The content of an OCTET STRING, or of one with an implicit tag, however it is segmented. A chunk is only good until
   * the next is asked for.
   */
  octets(header: BerHeader): Chunks {
    return (header.tag & CONSTRUCTED) === 0 ? this.#primitive(header) : this.#segments(header);
  }

  *#segments(header: BerHeader): Chunks {
    this.enter(header);
    // Short segments come out together: whoever cuts a content into single octets gets no work out of us for each.
    const short: Buffer[] = [];
    for (let inner = yield* this.next(); inner !== null; inner = yield* this.next()) {
      if ((inner.tag & ~CONSTRUCTED) !== TAG.octetString) {
        throw new BerError('unexpected', 'an OCTET STRING has a segment of another kind');
      }
      const isShort = (inner.tag & CONSTRUCTED) === 0 && (inner.length ?? 0) <= SHORT;
      if (isShort && this.#bytes.held.length >= (inner.length ?? 0)) {
        short.push(Buffer.from(this.#take(inner.length ?? 0)));
        if (short.length === MOST_SHORT) yield Buffer.concat(short.splice(0));
        continue;
      }
      if (short.length > 0) yield Buffer.concat(short.splice(0));
      yield* this.octets(inner);
    }
    if (short.length > 0) yield Buffer.concat(short);
    this.#frames.pop();
  }

  *#primitive({ length }: BerHeader): Chunks {
    for (let left = length ?? 0; left > 0;) {
      if (this.#bytes.held.length === 0) yield* this.#need(1);
      const taken = this.#take(left);
      left -= taken.length;
      yield taken;
    }
  }

  *#whole(header: BerHeader): Waiting<Buffer> {
    this.#spend(header.bytes.length + (header.length ?? 2));
    if (header.length !== null) {
      if (this.#bytes.held.length < header.length) yield* this.#need(header.length);
      return Buffer.concat([header.bytes, this.#take(header.length)]);
    }
    const parts = [header.bytes];
    this.enter(header);
    for (let inner = yield* this.next(); inner !== null; inner = yield* this.next()) {
      parts.push(yield* this.#whole(inner));
    }
    this.#frames.pop();
    return Buffer.concat([...parts, Buffer.alloc(2)]);
  }

  /** Octets of the next header, where all of it is held: nearly always, and then there is nothing to wait for. */
  #headerSize(): number | null {
    const { held } = this.#bytes;
    const second = held[1];
    if (second === undefined) return null;
    const size = second > 0x80 ? Math.min(2 + (second & 0x7f), LONGEST_HEADER) : 2;
    return held.length >= size ? size : null;
  }

  *#awaitedHeaderSize(): Waiting<number> {
    let size = this.#headerSize();
    for (let count = 2; size === null; count += 1) {
      yield* this.#need(count);
      size = this.#headerSize();
    }
    return size;
  }

  #header(size: number): BerHeader {
    const { tag, length } = readBerHeader(this.#bytes.held, 0);
    const bytes = Buffer.from(this.#take(size));
    if (this.#position + (length ?? 0) > this.#limit()) {
      throw new BerError('bad-length', 'a value is longer than the one around it');
    }
    return { tag, length, bytes };
  }

  #limit(): number {
    return this.#frames.at(-1)?.limit ?? Infinity;
  }

  #spend(octets: number): void {
    this.#held -= octets;
    if (this.#held < 0) {
      throw new BerError('too-large', 'there is more beside the content than is ever held in memory');
    }
  }

  *#need(count: number): Waiting<void> {
    if (!(yield* this.#bytes.has(count))) throw new BerError('cut-off', 'a value is cut off');
  }

  #take(count: number): Buffer {
    const taken = this.#bytes.take(count);
    this.#position += taken.length;
    return taken;
  }
}
