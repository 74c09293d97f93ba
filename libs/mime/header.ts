// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import libmime from 'libmime';
import { MalformedMessageError, RefusedFieldError } from './errors.ts';

/** One header field as it stands in the message. */
export interface HeaderField {
  /** As written; compare without regard to case. */
  readonly name: string;
  /** Every byte of it: name, colon, folding, and the final CRLF. */
  readonly raw: Buffer;
}

/** The header of a message (RFC 5322 §2.2): immutable, in order, byte for byte. */
export interface Header {
  readonly fields: readonly HeaderField[];
  /**
   * The first field of that name, unfolded and with encoded words (RFC 2047) decoded; a control character that
   * was hidden in one is read as a space.
   */
  get(name: string): string | undefined;
  getAll(name: string): string[];
  /** Without the fields of these names, or of the names (in lower case) that the predicate picks. */
  without(names: readonly string[] | ((name: string) => boolean)): Header;
  /** With one more field at the end. @throws RefusedFieldError for a name or value that no header can carry. */
  with(name: string, value: string): Header;
  /** With one more field at the top, where trace fields belong (RFC 5321 §4.4). @throws RefusedFieldError */
  prepend(name: string, value: string): Header;
  /** With exactly one field of that name, where the first stood, else at the end. @throws RefusedFieldError */
  replace(name: string, value: string): Header;
  /** All fields and the empty line that ends a header: write the body behind it. */
  toBuffer(): Buffer;
}

const CRLF = Buffer.from('\r\n');
/** `ftext` of RFC 5322 §3.6.8. */
export const NAME = /^[!-9;-~]+$/;
const CONTROLS = /[\u0000-\u001f\u007f]+/g;

/** A header of these fields. */
export function headerOf(fields: readonly HeaderField[]): Header {
  const named = (name: string) => fields.filter((field) => sameName(field.name, name));
  const without: Header['without'] = (names) => {
    const lowered = typeof names === 'function' ? null : new Set(names.map((name) => name.toLowerCase()));
    const drops = typeof names === 'function' ? names : (name: string) => lowered?.has(name) === true;
    return headerOf(fields.filter((field) => !drops(field.name.toLowerCase())));
  };
  return {
    fields,
    get: (name) => named(name).map(decodedValue)[0],
    getAll: (name) => named(name).map(decodedValue),
    without,
    with: (name, value) => headerOf([...fields, newField(name, value)]),
    prepend: (name, value) => headerOf([newField(name, value), ...fields]),
    replace: (name, value) => {
      const field = newField(name, value);
      const first = fields.findIndex((other) => sameName(other.name, name));
      if (first < 0) return headerOf([...fields, field]);
      const others = fields.filter((other, i) => i === first || !sameName(other.name, name));
      return headerOf(others.toSpliced(first, 1, field));
    },
    toBuffer: () => Buffer.concat([...fields.map((field) => field.raw), CRLF]),
  };
}

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/**
 * Splits header bytes, each line ended by CRLF, into fields.
 *
 * Ours and not a library's: mailsplit and libmime hand out decoded or re-joined lines, and a signed message
 * needs the bytes as they came.
 *
 * @param repair what is meant by a line that is no field, see `repairedField`. @default it is refused
 * @returns `end`: where the body begins, if that is before the end of the bytes.
 */
export function parseFields(
  bytes: Buffer,
  repair: ((raw: Buffer) => HeaderField | 'nothing' | 'body') | null = null,
): { fields: HeaderField[]; end: number } {
  const fields: HeaderField[] = [];
  let start = 0;
  let line = 1;
  while (start < bytes.length) {
    const firstLine = line;
    let end = start;
    do {
      end = bytes.indexOf(CRLF, end) + CRLF.length;
      line += 1;
    } while (bytes[end] === 0x20 || bytes[end] === 0x09);
    const raw = bytes.subarray(start, end);
    const colon = raw.indexOf(0x3a);
    const name = raw.toString('latin1', 0, Math.max(colon, 0));
    const isField = NAME.test(name);
    if (!isField && repair === null) throw new MalformedMessageError('bad-field', firstLine);
    const field = isField || repair === null ? { name, raw } : repair(raw);
    if (field === 'body') break;
    if (field !== 'nothing') fields.push(field);
    start = end;
  }
  return { fields, end: start };
}

/** The value behind the colon, unfolded (RFC 5322 §2.2.3), its encoded words as they stand. */
export function unfoldedValue(field: HeaderField): string {
  const bytes = field.raw.subarray(field.raw.indexOf(0x3a) + 1);
  // Not MIME, but met in old mail: 8-bit text in the sender's own charset. UTF-8 by RFC 6532 otherwise.
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  return text.replaceAll('\r\n', '').trim();
}

/** Decodes encoded words; what they hid of control characters becomes a space. */
export function decodeWords(text: string): string {
  return (text.includes('=?') ? libmime.decodeWords(text) : text).replace(CONTROLS, ' ');
}

const decodedValue = (field: HeaderField) => decodeWords(unfoldedValue(field));

/** Refuses a name that is no field name (RFC 5322 §3.6.8). */
export function checkFieldName(name: string): void {
  if (!NAME.test(name) || name.length > 76) {
    throw new RefusedFieldError(
      'bad-name',
      'a header name is 1 to 76 printable ASCII characters without a colon',
    );
  }
}

/** Refuses text that would end its line or that mail software cuts off: CR, LF, NUL and their kin. */
export function checkFieldText(what: string, text: string): void {
  if (text.replaceAll('\t', ' ').search(CONTROLS) >= 0) {
    throw new RefusedFieldError('bad-value', `${what} contains a line break or another control character`);
  }
}

/** Of free text (RFC 5322 §3.6.5): all of it may stand in encoded words. */
const UNSTRUCTURED = /^(subject|comments)$/i;

/**
 * A field of 7-bit lines: text outside ASCII becomes encoded words, long lines are folded at spaces. Free text that looks
 * like encoded words becomes some, so that it is read as it was given.
 */
export function newField(name: string, value: string): HeaderField {
  checkFieldName(name);
  checkFieldText(`the value of ${name}`, value);
  const text = value.trim();
  const encoded =
    UNSTRUCTURED.test(name) && text.includes('=?')
      ? libmime.encodeWord(text, 'Q', 52)
      : libmime.isPlainText(text)
        ? text
        : libmime.encodeWords(text, 'Q', 52);
  return { name, raw: Buffer.from(`${libmime.foldLines(`${name}: ${encoded}`, 76)}\r\n`, 'latin1') };
}
