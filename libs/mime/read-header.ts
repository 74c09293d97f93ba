// SPDX-License-Identifier: Apache-2.0
import { asBuffer } from './as-buffer.ts';
import { MalformedMessageError } from './errors.ts';
import { headerOf, parseFields, type Header } from './header.ts';
import { repairedField } from './repaired-field.ts';

/** 256 KiB: ten times the largest header seen in the wild, and nothing to a process. */
const DEFAULT_MAX_HEADER_BYTES = 256 * 1024;

const CR = 0x0d;
const LF = 0x0a;
const CRLF = Buffer.from('\r\n');
const EMPTY_LINE = '\r\n'.length;

/**
 * Splits a message at its first empty line (RFC 5322 §2.1), holding no more than the header in memory.
 * Together `header.toBuffer()` and `body` are the bytes that came in; a message that is all header gains the
 * empty line at its end.
 *
 * @param source the message, lines of its header ended by CRLF, in chunks of any size.
 * @param options.maxHeaderBytes octets up to and including the empty line.
 * @param options.repairs whether lines that are no fields are put in order (see `repairedField`); what is returned is then what
 *   others are to read in place of what came. @default they are refused
 * @returns the header, and the body as a stream to be read once. Reading it to its end, or leaving its loop,
 *   closes the source.
 * @throws MalformedMessageError where there is no well-formed header; the source is closed then.
 */
export async function readHeader(
  source: AsyncIterable<Uint8Array>,
  {
    maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES,
    repairs = false,
  }: { maxHeaderBytes?: number; repairs?: boolean } = {},
): Promise<{ header: Header; body: AsyncIterable<Buffer> }> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const { bytes, rest } = await takeHeader(chunks, maxHeaderBytes);
    const { fields, end } = parseFields(bytes, repairs ? repairedField : null);
    if (fields.length === 0) throw new MalformedMessageError('no-header');
    const body = end < bytes.length ? Buffer.concat([bytes.subarray(end), CRLF, rest]) : rest;
    return { header: headerOf(fields), body: remainder(body, chunks) };
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
}

/** Octets: a mail may come with as much as is taken by default, have as much inside its protection, and gets our fields. */
const MOST_OF_OURS = 4 * DEFAULT_MAX_HEADER_BYTES;

/**
 * The header alone of a message of ours; the rest is not read.
 *
 * @throws what the source throws, and as `readHeader` does.
 */
export async function headerAlone(source: AsyncIterable<Uint8Array>): Promise<Header> {
  const { header, body } = await readHeader(source, { maxHeaderBytes: MOST_OF_OURS });
  await body[Symbol.asyncIterator]().return?.();
  return header;
}

/**
 * The header that lies in memory, up to its empty line; what stands behind that is not looked at.
 *
 * @throws MalformedMessageError as `readHeader` does.
 */
export function headerIn(bytes: Buffer): Header {
  const lines = headerLines(Infinity);
  const end = lines.endIn(bytes);
  if (end === null) lines.cutOff();
  return headerOf(parseFields(bytes.subarray(0, end === null ? bytes.length : end - EMPTY_LINE)).fields);
}

/** Takes bytes up to the empty line, which is dropped; `rest` is what came behind it in the same chunk. */
async function takeHeader(chunks: AsyncIterator<Uint8Array>, limit: number) {
  const taken: Uint8Array[] = [];
  const lines = headerLines(limit);
  for (;;) {
    const read = await chunks.next();
    if (read.done === true) break;
    const chunk = read.value;
    const end = lines.endIn(chunk);
    if (end !== null) {
      taken.push(chunk.subarray(0, end));
      const bytes = Buffer.concat(taken);
      return {
        bytes: bytes.subarray(0, bytes.length - EMPTY_LINE),
        rest: asBuffer(chunk.subarray(end)),
      };
    }
    taken.push(chunk);
  }
  lines.cutOff();
  return { bytes: Buffer.concat(taken), rest: Buffer.alloc(0) };
}

/** Looks at the lines of a header, octet by octet, chunk after chunk. */
function headerLines(limit: number) {
  let size = 0;
  let line = 1;
  let lineLength = 0;
  let previous = LF;
  return {
    /** @returns where the empty line ends; null where it is not in this chunk. @throws MalformedMessageError */
    endIn: (chunk: Uint8Array): number | null => {
      // Not `entries()`: for each octet that is a generator's step, and headers are most of what small mails cost.
      for (let i = 0; i < chunk.length; i += 1) {
        const byte = chunk[i] ?? 0;
        size += 1;
        if (size > limit) throw new MalformedMessageError('header-too-long');
        if (byte === 0) throw new MalformedMessageError('nul', line);
        if ((previous === CR) !== (byte === LF)) throw new MalformedMessageError('bare-cr-or-lf', line);
        previous = byte;
        if (byte === CR) continue;
        if (byte !== LF) {
          lineLength += 1;
          continue;
        }
        if (lineLength === 0) {
          if (line === 1) throw new MalformedMessageError('no-header');
          return i + 1;
        }
        line += 1;
        lineLength = 0;
      }
      return null;
    },
    /** That there was no empty line is well where the last line is whole. @throws MalformedMessageError */
    cutOff: (): void => {
      if (size === 0) throw new MalformedMessageError('no-header');
      if (previous !== LF) throw new MalformedMessageError('header-cut-off', line);
    },
  };
}

/** What is left of a source; an iterator by hand, so that leaving it before the first chunk closes the source. */
function remainder(first: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncIterable<Buffer> {
  let pending = first;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (pending.length > 0) {
          const value = pending;
          pending = Buffer.alloc(0);
          return { done: false, value };
        }
        const read = await chunks.next();
        return read.done === true
          ? { done: true, value: undefined }
          : { done: false, value: asBuffer(read.value) };
      },
      async return() {
        pending = Buffer.alloc(0);
        await chunks.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
