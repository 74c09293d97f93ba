// SPDX-License-Identifier: Apache-2.0
import { isAscii } from 'node:buffer';
import libmime from 'libmime';
import { headerOf, unfoldedValue, type Header, type HeaderField } from './header.ts';

/** RFC 5322 §3.4, and what else holds address lists. */
const OF_ADDRESSES =
  /^(?:(?:resent-)?(?:from|sender|to|cc|reply-to)|disposition-notification-to|errors-to)$/i;
/** RFC 5322 §3.6.5, and fields of programs that hold text. */
const OF_TEXT = /^(?:(?:subject|comments|keywords|thread-topic|organization|content-description)$|x-)/i;
/** A quoted string, a comment, an address in brackets, what parts, or words (RFC 5322 §3.2). */
const PIECE = /"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)|<[^<>]*>|[,;:]|[^"(<,;:]+|["(<]/gu;
/** Octets. Encoded words take up to four times as many, and programs stop at a MiB. */
const LONGEST = 64 * 1_024;
const OUTSIDE_ASCII = /[^\u0000-\u007f]/;

/**
 * The header with its text in 7-bit: what stands outside ASCII in subjects, comments and names of people becomes encoded words
 * (RFC 2047), as not every server takes it otherwise (RFC 6531 §3.2). An address outside ASCII has no such form: a field with
 * one stays as it is, as do fields that this does not know, all that is 7-bit, octet for octet, and headers that are longer
 * than any that people write: as encoded words they would be too long for who reads them.
 */
export function sevenBitHeader(header: Header): Header {
  if (header.toBuffer().length > LONGEST) return header;
  return headerOf(header.fields.map((field) => (isAscii(field.raw) ? field : encoded(field))));
}

function encoded(field: HeaderField): HeaderField {
  const { name } = field;
  const text = unfoldedValue(field);
  const value = OF_ADDRESSES.test(name)
    ? withEncodedNames(text)
    : OF_TEXT.test(name)
      ? libmime.encodeWords(text, 'Q', 52)
      : null;
  return value === null || OUTSIDE_ASCII.test(value)
    ? field
    : { name, raw: Buffer.from(`${libmime.foldLines(`${name}: ${value}`, 76)}\r\n`, 'latin1') };
}

/** Null where an address itself is outside ASCII. */
function withEncodedNames(text: string): string | null {
  const pieces = text.match(PIECE) ?? [];
  const written = pieces.map((piece, index) => {
    if (!OUTSIDE_ASCII.test(piece)) return piece;
    const inside = piece.slice(1, -1).replaceAll(/\\(.)/g, '$1');
    if (piece.startsWith('(')) return `(${phrase(inside)})`;
    // Before an `@` it is the local part of an address.
    if (piece.startsWith('"')) return pieces[index + 1]?.startsWith('@') === true ? null : phrase(inside);
    if (piece.startsWith('<') || piece.includes('@')) return null;
    return piece.replace(/\S(?:.*\S)?/s, phrase);
  });
  return written.every((piece) => piece !== null) ? written.join('') : null;
}

/** In encoded words as a whole: no other octet of it means anything in a list of addresses. */
const phrase = (text: string): string => libmime.encodeWord(text, 'Q', 52);
